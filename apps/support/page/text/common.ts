/** The texts of the frame; those of a view stand beside it in this folder. To translate the page, translate these. */
export const text = {
  product: 'sealkit',
  title: 'support',
  onlyHere: 'This page runs on your machine alone.',
  skip: 'Skip to the content',
  navigation: 'Tools',
  loading: 'Loading …',
  loadFailed: 'This part of the page cannot be loaded',
  loadFailedWay:
    'Is sealkit support still running in its terminal? Start it again, and open the new address.',
  show: 'Show',
  hide: 'Hide',
  showSecret: (what: string) => `Show ${what}`,
  hideSecret: (what: string) => `Hide ${what}`,
  copy: 'Copy',
  copyWhat: (what: string) => `Copy ${what}`,
  copied: 'Copied',
  notCopied: 'Not copied',
  theme: { label: 'Colours', system: 'As the system', light: 'Light', dark: 'Dark' },
  closed: {
    title: 'This page is not open',
    usedBefore:
      'Its address works once. It was used before, perhaps in another tab; reload that tab to go on there.',
    noToken: 'Open it by the whole address that sealkit support prints.',
    gone: 'sealkit support has ended.',
    way: 'For a new address, start sealkit support again in a terminal.',
  },
  views: {
    api: {
      title: 'Token and API',
      about:
        'Log in to Clearstream or MOEX as your program would, look at the token, and call an API with it.',
    },
    convert: {
      title: 'Convert credentials',
      about: 'PEM to P12 and back, truststores, and a look into any file. No byte leaves this page.',
    },
    csr: {
      title: 'Key and request',
      about: 'Make a private key and a certificate signing request in this page.',
    },
    sign: {
      title: 'Sign and verify',
      about: 'Sign a text or a file, or see why a signature is good or not, with its chain of certificates.',
    },
  },
} as const

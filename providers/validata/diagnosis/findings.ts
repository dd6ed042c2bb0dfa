import type { ToolErrorCode } from '../../../src/errors.ts'

/** What a tool's words mean. */
export interface Finding {
  readonly code: ToolErrorCode
  /** The words by which it is known, in Russian and English. */
  readonly patterns: readonly RegExp[]
  /** What happened, for people. */
  readonly meaning: string
  readonly hint: string
}

/**
 * The first that fits counts, so the more special ones stand first. Validata publishes no table of its messages:
 * these are words that such messages must use, not messages that were seen. A new one is a line here.
 */
export const FINDINGS: readonly Finding[] = [
  {
    code: 'ERR_TOOL_NOT_FOUND',
    patterns: [
      /wine: (cannot find|could not (load|find)|failed to open)/i,
      /exec format error|bad exe format|is not recognized as an internal/i,
      /(command )?not found.*(utl|exe)|(utl|exe)\S{0,12}: (command )?not found/i,
      /no such file or directory.*utl|utl\S{0,12}: no such file/i,
      /не является внутренней или внешней/iu,
    ],
    meaning: 'the tool itself was not found by the command that runs it',
    hint: 'give the path of the tool as that command, or that machine, knows it: tool=PATH',
  },
  {
    code: 'ERR_TOOL_LICENCE',
    patterns: [
      /лицензи/iu,
      /licen[cs]e/i,
      /серийн\S{1,12} номер\S{0,12} (программ|продукт)/iu,
      /срок\S{0,12} (работы|использования) (программ|демо|скзи)/iu,
    ],
    meaning: 'the licence is missing or has run out',
    hint: "enter the licence in Validata's own program (CSP, certificate library), then try again",
  },
  {
    code: 'ERR_TOOL_KEY_MEDIUM',
    patterns: [
      /ключев\S{1,12} (носител|диск|контейнер|устройств|информаци)/iu,
      /вставьте|установите (диск|носител|ключ)/iu,
      /носител\S{0,12} .{0,40}(отсутств|не найден|не установлен|не готов|не вставлен|не обнаруж)/iu,
      /(не найден|отсутству|не обнаруж)\S{0,12} .{0,20}(носител|секретн\S{1,12} ключ|закрыт\S{1,12} ключ|ключ\S{0,12} подписи)/iu,
      /vdkeys/i,
      /key (medium|media|carrier|disk|container|device)/i,
      /(insert|no) .{0,20}(medium|media|disk|token|smart ?card)/i,
      /(private|secret|signing) key .{0,30}(not found|missing|absent|unavailable|not available)/i,
      /keyset does not exist|device (is )?not ready|80090016/i,
    ],
    meaning: 'the medium with the private key is not there',
    hint: 'plug in the USB stick, disk or token (the folder vdkeys in its root), and see that this user can read it',
  },
  {
    code: 'ERR_TOOL_CERTIFICATE',
    patterns: [
      /сертификат\S{0,12} .{0,60}(истек|истёк|просрочен|недейств|не действ|отозван|аннулирован|не найден|отсутств|не вступил)/iu,
      /(истек|истёк|просрочен|недейств|отозван|не найден|отсутству)\S{0,12} .{0,60}сертификат/iu,
      /срок\S{0,12} действия .{0,40}(истек|истёк|закончил|окончил)/iu,
      /certificate .{0,60}(expired|revoked|not (yet )?valid|invalid|not found|missing|absent)/i,
      /(expired|revoked|invalid|no) .{0,20}certificate/i,
      /cannot find .{0,20}certificate|800b0101|80092004/i,
    ],
    meaning: 'the certificate has expired, is not valid, or was not found',
    hint: "look at the certificate in Validata's certificate library; renew it, or choose it for this profile",
  },
  {
    code: 'ERR_TOOL_PROFILE',
    patterns: [
      /профил/iu,
      /profile/i,
      /pki1\.conf/i,
      /справочник\S{0,12} сертификатов/iu,
      /certificate store/i,
    ],
    meaning: 'the profile is not known to the tool, or cannot be opened',
    hint: 'give its name as the certificate library shows it; try registry-profiles=true, or working-directory= where pki1.conf lies',
  },
]

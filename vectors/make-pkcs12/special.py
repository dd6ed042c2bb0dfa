"""Files of classes that no tool of Debian 12 writes, and rare forms."""
from p12 import *

EMPTY = {'keys': '', 'certs': ''}

# ---- PBMAC1 (OpenSSL writes it from 3.4 on)
for name, prf in (('sha256', 'sha256'), ('sha512', 'sha512'), ('sha512', 'sha256'), ('sha256', 'sha1'), ('sha1', 'sha384')):
    write(f'special-pbmac1-{name}-{prf}.p12', pfx(usual(), pbmac1(TEST, name, prf)), 'PBMAC1')
write('special-pbmac1-key-20.p12', pfx(usual(), pbmac1(TEST, length=20)), 'PBMAC1')
write('special-pbmac1-empty.p12', pfx(usual(password=''), pbmac1('')), 'PBMAC1', password='')

# ---- scrypt, for everything and for the key alone as OpenSSL writes it
write('special-scrypt.p12', pfx([plain(shrouded('p256', TEST, local_id(b'\x01'), n=4096)), encrypted(chain(), TEST, n=4096)], mac(TEST)), 'scrypt')
os.environ['PASSWORD'] = TEST
by_openssl = run('openssl', 'pkcs8', '-topk8', '-scrypt', '-passout', 'env:PASSWORD', '-outform', 'DER', '-in', f'{PKI}/p256.key')
write('special-scrypt-key.p12', pfx(usual(key=bag('2', by_openssl, local_id(b'\x01'))), mac(TEST)), 'scrypt')

# ---- PBKDF2 as it may be written
absent = {'prf': 'sha1', 'kdf': pbkdf2(absent=True)}
write('special-prf-absent.p12', pfx([plain(shrouded('p256', TEST, local_id(b'\x01'), **absent)), encrypted(chain(), TEST, **absent)], mac(TEST)), 'PBKDF2 with each PRF')
write('special-key-length.p12', pfx(usual(key=shrouded('p256', TEST, local_id(b'\x01'), kdf=pbkdf2(length=32))), mac(TEST)), 'PBKDF2 with each PRF')
write('special-mac-no-parameters.p12', pfx(usual(), mac(TEST, parameters=b'')), 'MAC SHA-1/256/384/512')

# ---- passwords
three_des = lambda password: [plain(shrouded('p256', password, local_id(b'\x01'), lock=pbes1)), encrypted(chain(), password, lock=pbes1)]
write('special-null-3des.p12', pfx(three_des(None), mac(None, 'sha1')), 'password empty or null', password=None, weak=True)
write('special-null-for-empty.p12', pfx(three_des(None), mac(None, 'sha1')), 'password empty or null', password='', weak=True)
write('special-empty-for-null.p12', pfx(three_des(''), mac('', 'sha1')), 'password empty or null', password=None, weak=True)
long = 'a password longer than one block of the derivation ' * 4
write('special-long-3des.p12', pfx(three_des(long), mac(long, 'sha1')), 'password BMPString, PBES1', password=long, weak=True)
write('special-mac-password.p12', pfx(usual(), mac('another')), 'separate passwords', macPassword='another')
write('special-key-password.p12', pfx(usual(key=shrouded('p256', 'another', local_id(b'\x01'))), mac(TEST)), 'separate passwords', keyPassword='another')

# ---- other bags beside the key
key = shrouded('p256', TEST, local_id(b'\x01'))
extra = lambda *bags: pfx([plain(key), encrypted(chain() + list(bags), TEST)], mac(TEST))
crl = pem('root.crl')
write('special-crl.p12', extra(bag('4', seq(oid('1.2.840.113549.1.9.23.1'), explicit(0, octets(crl))))), 'CRL bag', crls=1)
write('special-unknown-bag.p12', extra(bag('1.3.6.1.4.1.99999.7', octets(b'whatever'))), 'unknown bag', skipped=1)
write('special-secret-bag.p12', extra(bag('5', seq(oid('1.3.6.1.4.1.99999.8'), explicit(0, octets(b'secret'))))), 'secret bag', skipped=1)
write('special-sdsi.p12', extra(bag('3', seq(oid('1.2.840.113549.1.9.22.2'), explicit(0, tlv(0x16, b'(sdsi)'))))), 'unknown bag', skipped=1)
write('special-nested-safe.p12', pfx([plain(bag('6', seq(key, bag('6', seq(*chain())))))], mac(TEST)), 'nested safe contents')

# ---- forms of BER
safes = usual()
split = lambda data, n: [data[i:i + n] for i in range(0, len(data), n)]
constructed = lambda data, n: tlv(0x24, *map(octets, split(data, n)))
indefinite = lambda tag, *parts: bytes([tag, 0x80]) + b''.join(parts) + b'\0\0'
write('special-octets-definite.p12', pfx(safes, mac(TEST), auth=lambda safe: seq(DATA, explicit(0, constructed(safe, 100)))), 'nested constructed OCTET STRING')
write('special-octets-nested.p12', pfx(safes, mac(TEST), auth=lambda safe: seq(DATA, explicit(0, tlv(0x24, constructed(safe[:500], 70), constructed(safe[500:], 90))))), 'nested constructed OCTET STRING')
pieces = lambda data: indefinite(0x24, *(indefinite(0x24, *map(octets, split(piece, 64))) for piece in split(data, 256)))
auth = lambda safe: indefinite(0x30, DATA, indefinite(0xA0, pieces(safe)))
write('special-indefinite-nested.p12', indefinite(0x30, integer(3), auth(seq(*safes)), mac(TEST)(seq(*safes))), 'BER, indefinite lengths')
algorithm, ciphertext = pbes2(seq(*chain()), TEST)
parts = lambda n: tlv(0xA0, *map(octets, split(ciphertext, n)))
inner = seq(ENCRYPTED, explicit(0, seq(integer(0), seq(DATA, algorithm, parts(1000)))))
write('special-ciphertext-in-parts.p12', pfx([plain(key), inner], mac(TEST)), 'nested constructed OCTET STRING')

# ---- arrangements
write('special-one-safe.p12', pfx([encrypted([key_bag('p256', local_id(b'\x01')), *chain()], TEST)], mac(TEST)), 'safes and bags in other orders')
write('special-four-safes.p12', pfx([plain(key), *(encrypted([one], TEST) for one in chain())], mac(TEST)), 'safes and bags in other orders')
mixed = [cert_bag(name) for name in ('root', 'other', 'p256', 'intermediate')]
write('special-no-ids.p12', pfx([encrypted(mixed, TEST), plain(shrouded('p256', TEST))], mac(TEST)), 'safes and bags in other orders', certs='root other p256 intermediate')
both = [shrouded('p256', TEST, local_id(b'\x01'), friendly('same')), shrouded('other', TEST, local_id(b'\x02'), friendly('same'))]
certs = [cert_bag('p256', local_id(b'\x01'), friendly('same')), cert_bag('other', local_id(b'\x02'), friendly('same')), cert_bag('intermediate'), cert_bag('root')]
write('special-two-keys.p12', pfx([plain(*both), encrypted(certs, TEST)], mac(TEST)), 'several keys', keys='p256 other', certs='p256 other intermediate root')
write('special-twice.p12', pfx(usual(certs=[*chain(), cert_bag('p256')]), mac(TEST)), 'safes and bags in other orders', twice=True)
write('special-empty.p12', pfx([], mac(TEST)), 'safes and bags in other orders', **EMPTY)
write('special-empty-safe.p12', pfx([plain(), encrypted([], TEST)], mac(TEST)), 'safes and bags in other orders', **EMPTY)
write('special-other-certificate.p12', pfx(usual(certs=[cert_bag('other', local_id(b'\x01'))]), mac(TEST)), 'key and certificate do not match', certs='other', mismatch=True)
trusted = [cert_bag('intermediate', friendly('same'), TRUSTED), cert_bag('root', friendly('same'), TRUSTED)]
write('special-truststore-same-name.p12', pfx([encrypted(trusted, TEST)], mac(TEST)), 'Java truststore', keys='', certs='intermediate root', trusted=2)

# ---- names and attributes
named = lambda file, text, **more: write(file, pfx(usual(key=shrouded('p256', TEST, friendly(text), local_id(b'\x01'))), mac(TEST)), 'friendly names', friendlyName=text, **more)
named('special-name-injection.p12', 'a\0\n-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n')
named('special-name-proto.p12', '__proto__')
named('special-name-emoji.p12', 'ключ 🔑')
named('special-name-empty.p12', '')
named('special-name-long.p12', 'ё' * 1000)
odd = lambda value: pfx(usual(key=shrouded('p256', TEST, attribute('1.2.840.113549.1.9.20', *value), local_id(b'\x01'))), mac(TEST))
write('special-name-odd.p12', odd([tlv(0x1E, b'\0a\0')]), 'attributes in bad form')
write('special-name-surrogate.p12', odd([tlv(0x1E, b'\xd8\x00\0a')]), 'attributes in bad form')
write('special-name-no-value.p12', odd([]), 'attributes in bad form')
write('special-name-two-values.p12', odd([bmp('a'), bmp('b')]), 'attributes in bad form')
write('special-id-boolean.p12', pfx(usual(key=shrouded('p256', TEST, attribute('1.2.840.113549.1.9.21', b'\x01\x01\xff'))), mac(TEST)), 'attributes in bad form')
write('special-unknown-attribute.p12', pfx(usual(key=shrouded('p256', TEST, attribute('1.3.6.1.4.1.99999.9', integer(1), integer(2)), local_id(b'\x01'))), mac(TEST)), 'unknown attributes')

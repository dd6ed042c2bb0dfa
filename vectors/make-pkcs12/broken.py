"""Files that are refused, each with the code of the error."""
from p12 import *

BAD = 'broken: structure'
CODES = {name: f'ERR_CREDENTIAL_{name}' for name in ('FORMAT', 'UNSUPPORTED', 'LIMIT', 'MAC_WRONG', 'PASSWORD_WRONG', 'PASSWORD_REQUIRED')}


def broken(name, data, code, kind=BAD, password=TEST, **more):
    write(f'broken-{name}.p12', data, kind, password, '', '', expect='refuse', code=CODES[code], **more)


key = shrouded('p256', TEST, local_id(b'\x01'))
good = pfx(usual(), mac(TEST))
of_key = lambda bag_: pfx(usual(key=bag_), mac(TEST))

# ---- passwords and MACs: the four errors
wrong = 'broken: password or MAC'
broken('wrong-password', good, 'PASSWORD_WRONG', wrong, password='not this one')
broken('wrong-password-3des', pfx([plain(shrouded('p256', TEST, lock=pbes1))], mac(TEST, 'sha1')), 'PASSWORD_WRONG', wrong, password='not this one')
broken('wrong-password-pbmac1', pfx(usual(), pbmac1(TEST)), 'PASSWORD_WRONG', wrong, password='not this one')
broken('wrong-password-empty', good, 'PASSWORD_WRONG', wrong, password='')
broken('no-password', good, 'PASSWORD_REQUIRED', wrong, password=None)
other = hmac.new(b'key', b'data', 'sha256').digest()
broken('mac', pfx(usual(), mac(TEST, digest=lambda _: other)), 'MAC_WRONG', wrong)
tampered = mac(TEST)(seq(*usual('other')))
broken('mac-contents', pfx(usual(), lambda _: tampered), 'MAC_WRONG', wrong)
broken('mac-pbmac1', pfx(usual(), lambda safe: pbmac1(TEST)(safe + b'\0')), 'MAC_WRONG', wrong)
broken('mac-other-password', pfx(usual(), mac('another')), 'MAC_WRONG', wrong)
broken('mac-short', pfx(usual(), mac(TEST, digest=lambda _: other[:20])), 'FORMAT', wrong)
broken('mac-digest-empty', pfx(usual(), mac(TEST, digest=lambda _: b'')), 'FORMAT', wrong)
broken('mac-null', pfx(usual(), lambda _: NULL), 'FORMAT', wrong)
broken('mac-empty', pfx(usual(), lambda _: seq()), 'FORMAT', wrong)
# Once accepted by a peer with any password: no iteration leaves the purpose byte as the key.
forged = lambda safe: hmac.new(b'\x03' * 20, safe, 'sha1').digest()
broken('mac-forged', pfx([plain(key_bag('p256'))], mac('any', 'sha1', written=0, digest=forged)), 'FORMAT', wrong)
broken('pbmac1-no-length', pfx(usual(), pbmac1(TEST, kdf=pbkdf2())), 'FORMAT', wrong)
broken('pbmac1-length-1', pfx(usual(), pbmac1(TEST, length=1)), 'FORMAT', wrong)

# ---- work without bounds
limit = 'broken: limits'
broken('mac-iterations', pfx(usual(), mac(TEST, written=10 ** 8)), 'LIMIT', limit)
broken('mac-iterations-2e64', pfx(usual(), mac(TEST, written=2 ** 64 - 1)), 'FORMAT', limit)
broken('pbmac1-iterations', pfx(usual(), pbmac1(TEST, kdf=pbkdf2(iterations=10 ** 9, length=32))), 'LIMIT', limit)
broken('pbkdf2-iterations', of_key(shrouded('p256', TEST, kdf=pbkdf2(iterations=2 ** 31 - 1))), 'LIMIT', limit)
broken('pbe-iterations', of_key(shrouded('p256', TEST, lock=pbes1, written=10 ** 8)), 'LIMIT', limit)
broken('scrypt-n', of_key(shrouded('p256', TEST, kdf=scrypt(2 ** 30))), 'LIMIT', limit)
many = encrypted([], TEST, kdf=pbkdf2(iterations=1_000_000))
broken('iterations-sum', pfx([many] * 40, mac(TEST)), 'LIMIT', limit)
nested = key
for _ in range(100):
    nested = bag('6', seq(nested))
broken('nested-safes', pfx([plain(nested)], mac(TEST)), 'LIMIT', limit)
broken('many-bags', pfx([plain(*[bag('1.2.3', NULL)] * 1100)], mac(TEST)), 'LIMIT', limit)
octet_strings = b'\x24\x80' * 300 + octets(b'') + b'\0\0' * 300
broken('nested-octets', pfx([], None, auth=lambda _: seq(DATA, explicit(0, octet_strings))), 'LIMIT', limit)

# ---- parameters
wrong_parameters = 'broken: parameters'
for name, data in {
    'iterations-0': shrouded('p256', TEST, kdf=pbkdf2(iterations=0)),
    'iterations-negative': shrouded('p256', TEST, kdf=pbkdf2(iterations=-1)),
    'pbe-iterations-0': shrouded('p256', TEST, lock=pbes1, written=0),
    'key-length-16': shrouded('p256', TEST, kdf=pbkdf2(length=16)),
    'key-length-0': shrouded('p256', TEST, kdf=pbkdf2(length=0)),
    'iv-short': shrouded('p256', TEST, iv=IV[:8]),
    'iv-empty': shrouded('p256', TEST, iv=b''),
    'scrypt-n-odd': shrouded('p256', TEST, kdf=scrypt(1000)),
    'salt-null': shrouded('p256', TEST, kdf=pbkdf2(salt=NULL)),
}.items():
    broken(name, of_key(data), 'FORMAT', wrong_parameters)
broken('salt-other-source', of_key(shrouded('p256', TEST, kdf=pbkdf2(salt=seq(oid('1.2.3.4'))))), 'FORMAT', wrong_parameters)
broken('cipher-unknown', of_key(bag('2', seq(seq(oid('1.2.3.4'), NULL), octets(b'x' * 64)))), 'UNSUPPORTED', wrong_parameters)

# ---- structure
broken('truncated', good[:len(good) // 2], 'FORMAT')
broken('no-end', b'\x30\x80' + integer(3), 'FORMAT')
broken('length-4gib', b'\x30\x84\xff\xff\xff\xff' + good[4:], 'FORMAT')
broken('last-byte', good[:-1], 'FORMAT')
for version in (0, 1, 4):
    broken(f'version-{version}', pfx(usual(), mac(TEST), version=version), 'UNSUPPORTED')
broken('extra-field', seq(integer(3), *[seq(DATA, explicit(0, octets(seq(*usual())))), mac(TEST)(seq(*usual())), integer(1)]), 'FORMAT')
broken('no-content', pfx([], None, auth=lambda _: seq(DATA)), 'FORMAT')
broken('no-content-inside', pfx([seq(DATA)], mac(TEST)), 'FORMAT')
broken('no-ciphertext', pfx([seq(ENCRYPTED, explicit(0, seq(integer(0), seq(DATA, pbes2(b'', TEST)[0]))))], mac(TEST)), 'FORMAT')
broken('content-integer', pfx([seq(DATA, explicit(0, integer(1)))], mac(TEST)), 'FORMAT')
broken('enveloped', pfx([seq(oid('1.2.840.113549.1.7.3'), explicit(0, seq(integer(0))))], mac(TEST)), 'UNSUPPORTED')
broken('signed', pfx([], None, auth=lambda _: seq(oid('1.2.840.113549.1.7.2'), explicit(0, seq(integer(1))))), 'UNSUPPORTED')
broken('bag-no-value', pfx([plain(seq(oid(BAG + '3')))], mac(TEST)), 'FORMAT')
broken('certificate-null', pfx([plain(bag('3', seq(oid('1.2.840.113549.1.9.22.1'), explicit(0, NULL))))], mac(TEST)), 'FORMAT')
broken('key-garbage', pfx([plain(bag('1', octets(b'no key')))], mac(TEST)), 'FORMAT')
broken('padding', pfx([plain(key), encrypted_as(*pbes2(seq(*chain()) + b'\0' * (16 - len(seq(*chain())) % 16), TEST, padded=False))], mac(TEST)), 'FORMAT')
broken('enveloped-key', of_key(bag('2', seq(pbes2(b'', TEST)[0], octets(b'')))), 'FORMAT')

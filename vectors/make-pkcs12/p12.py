"""PKCS#12 (RFC 7292, RFC 9579) put together by hand: Python's hashlib and hmac, and `openssl enc` for ciphers.
Nothing of sealkit is used, so that its mistakes are not repeated here. Environment: out, pki, work."""
import base64
import hashlib
import hmac
import json
import os
import re
import subprocess

OUT, PKI, WORK, TEST = (os.environ[name] for name in ('out', 'pki', 'work', 'test'))
SALT = bytes(range(8, 24))
IV = bytes(range(40, 56))


# ---- DER
def tlv(tag, *parts):
    body = b''.join(parts)
    n = len(body)
    size = bytes([n]) if n < 128 else (lambda b: bytes([128 + len(b)]) + b)(n.to_bytes((n.bit_length() + 7) // 8, 'big'))
    return bytes([tag]) + size + body


def seq(*parts): return tlv(0x30, *parts)
def set_of(*parts): return tlv(0x31, *sorted(parts))
def octets(data): return tlv(4, data)
def explicit(number, *parts): return tlv(0xA0 + number, *parts)
def bmp(text): return tlv(0x1E, text.encode('utf-16-be'))
def integer(n): return tlv(2, n.to_bytes((n if n >= 0 else ~n).bit_length() // 8 + 1, 'big', signed=True))


def oid(text):
    first, second, *rest = (int(arc) for arc in text.split('.'))
    out = b''
    for arc in [first * 40 + second, *rest]:
        group = bytes([arc & 127])
        while arc := arc >> 7:
            group = bytes([arc & 127 | 128]) + group
        out += group
    return tlv(6, out)


NULL = b'\x05\x00'
DATA, ENCRYPTED = oid('1.2.840.113549.1.7.1'), oid('1.2.840.113549.1.7.6')
BAG = '1.2.840.113549.1.12.10.1.'
HASH = {'sha1': oid('1.3.14.3.2.26'), 'sha256': oid('2.16.840.1.101.3.4.2.1'), 'sha512': oid('2.16.840.1.101.3.4.2.3')}
HMAC = {name: oid(f'1.2.840.113549.2.{n}') for name, n in
        {'sha1': 7, 'sha224': 8, 'sha256': 9, 'sha384': 10, 'sha512': 11}.items()}
AES = {n: oid(f'2.16.840.1.101.3.4.1.{arc}') for n, arc in {128: 2, 192: 22, 256: 42}.items()}


# ---- what goes in
def run(*args, data=b''):
    return subprocess.run(args, input=data, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True).stdout


def pem(file):
    text = open(f'{PKI}/{file}').read()
    return base64.b64decode(re.search(r'-----BEGIN [^-]+-----(.*?)-----END', text, re.S)[1])


def certificate(name): return pem(f'{name}.crt')
def private_key(name): return run('openssl', 'pkcs8', '-topk8', '-nocrypt', '-outform', 'DER', '-in', f'{PKI}/{name}.key')


# ---- encryption
def cipher(name, key, iv, data, *flags):
    return run('openssl', 'enc', f'-{name}', '-e', '-K', key.hex(), '-iv', iv.hex(), *flags, data=data)


def pkcs12_kdf(name, password, salt, iterations, purpose, length):
    """RFC 7292 B.2; `password` is the BMPString with its two zero bytes, or empty for none."""
    v = 128 if name in ('sha384', 'sha512') else 64
    fill = lambda b: (b * v)[:v * ((len(b) + v - 1) // v)] if b else b''
    state, out = fill(salt) + fill(password), b''
    while len(out) < length:
        a = bytes([purpose]) * v + state
        for _ in range(iterations):
            a = hashlib.new(name, a).digest()
        out += a
        b = int.from_bytes((a * v)[:v], 'big') + 1
        state = b''.join(((int.from_bytes(state[i:i + v], 'big') + b) % 2 ** (8 * v)).to_bytes(v, 'big')
                         for i in range(0, len(state), v))
    return out[:length]


def bmp_password(text): return b'' if text is None else text.encode('utf-16-be') + b'\0\0'


def pbkdf2(prf='sha256', iterations=2048, length=None, salt=None, absent=False):
    """The AlgorithmIdentifier as written; each part can be replaced to make it wrong."""
    fields = [salt or octets(SALT), integer(iterations)]
    if length is not None:
        fields.append(integer(length))
    if not absent:
        fields.append(seq(HMAC[prf], NULL))
    return seq(oid('1.2.840.113549.1.5.12'), seq(*fields))


def scrypt(n, r=8, p=1): return seq(oid('1.3.6.1.4.1.11591.4.11'), seq(octets(SALT), integer(n), integer(r), integer(p)))


def pbes2(data, password, bits=256, prf='sha256', iterations=2048, kdf=None, n=None, iv=IV, padded=True):
    """`kdf`: what is written in place of the derivation that is done. -> AlgorithmIdentifier, ciphertext"""
    secret, size = (password or '').encode(), bits // 8
    if n:
        key = hashlib.scrypt(secret, salt=SALT, n=n, r=8, p=1, maxmem=2 ** 28, dklen=size)
        kdf = kdf or scrypt(n)
    else:
        key = hashlib.pbkdf2_hmac(prf, secret, SALT, iterations, size)
    algorithm = seq(oid('1.2.840.113549.1.5.13'), seq(kdf or pbkdf2(prf, iterations), seq(AES[bits], octets(iv))))
    return algorithm, cipher(f'aes-{bits}-cbc', key, IV, data, *([] if padded else ['-nopad']))


def pbes1(data, password, iterations=2048, written=None):
    """PBE-SHA1-3DES"""
    secret = bmp_password(password)
    key, iv = (pkcs12_kdf('sha1', secret, SALT, iterations, *wanted) for wanted in ((1, 24), (2, 8)))
    parameters = seq(octets(SALT), integer(iterations if written is None else written))
    return seq(oid('1.2.840.113549.1.12.1.3'), parameters), cipher('des-ede3-cbc', key, iv, data)


# ---- bags
def attribute(name, *values): return seq(oid(name), set_of(*values))
def friendly(text): return attribute('1.2.840.113549.1.9.20', bmp(text))
def local_id(data): return attribute('1.2.840.113549.1.9.21', octets(data))


TRUSTED = attribute('2.16.840.1.113894.746875.1.1', oid('2.5.29.37.0'))


def bag(number, value, *attributes):
    return seq(oid(BAG + number if isinstance(number, str) and len(number) == 1 else number), explicit(0, value),
               *([set_of(*attributes)] if attributes else []))


def cert_bag(name, *attributes): return raw_cert_bag(certificate(name), *attributes)
def raw_cert_bag(der, *attributes): return bag('3', seq(oid('1.2.840.113549.1.9.22.1'), explicit(0, octets(der))), *attributes)
def key_bag(name, *attributes): return bag('1', private_key(name), *attributes)


def shrouded(name, password, *attributes, lock=pbes2, **how):
    algorithm, ciphertext = lock(private_key(name), password, **how)
    return bag('2', seq(algorithm, octets(ciphertext)), *attributes)


def chain(leaf='p256', mark=b'\x01'): return [cert_bag(leaf, local_id(mark)), cert_bag('intermediate'), cert_bag('root')]


# ---- safes
def plain(*bags): return seq(DATA, explicit(0, octets(seq(*bags))))


def encrypted_as(algorithm, ciphertext):
    return seq(ENCRYPTED, explicit(0, seq(integer(0), seq(DATA, algorithm, tlv(0x80, ciphertext)))))


def encrypted(bags, password, lock=pbes2, **how): return encrypted_as(*lock(seq(*bags), password, **how))


def mac(password, name='sha256', iterations=2048, written=None, digest=None, salt=SALT, parameters=NULL):
    """-> what makes the macData for an authSafe; `written`, `digest` say something else than is true"""
    def of(safe):
        key = pkcs12_kdf(name, bmp_password(password), salt, iterations, 3, hashlib.new(name).digest_size)
        value = hmac.new(key, safe, name).digest() if digest is None else digest(safe)
        count = integer(iterations if written is None else written)
        return seq(seq(seq(HASH[name], parameters), octets(value)), octets(salt), count)
    return of


def pbmac1(password, name='sha256', prf='sha256', iterations=2048, length=None, kdf=None, key=None):
    """RFC 9579"""
    size = hashlib.new(name).digest_size if length is None else length
    def of(safe):
        secret = hashlib.pbkdf2_hmac(prf, password.encode(), SALT, iterations, size) if key is None else key
        parameters = seq(kdf or pbkdf2(prf, iterations, size), seq(HMAC[name], NULL))
        value = hmac.new(secret, safe, name).digest()
        return seq(seq(seq(oid('1.2.840.113549.1.5.14'), parameters), octets(value)), octets(b'NOT USED'), integer(1))
    return of


def pfx(safes, protect=None, version=3, auth=None):
    """`auth`: the authSafe as written, where it is not simply the safes as data"""
    safe = seq(*safes)
    info = auth(safe) if auth else seq(DATA, explicit(0, octets(safe)))
    return seq(integer(version), info, *([protect(safe)] if protect else []))


def usual(leaf='p256', password=TEST, key=None, certs=None):
    """A key and its chain in two safes, AES-256."""
    return [plain(key or shrouded(leaf, password, local_id(b'\x01'), friendly(leaf))),
            encrypted(certs or chain(leaf), password)]


def write(file, data, kind, password=TEST, keys='p256', certs='p256 intermediate root', writer='vectors/make-pkcs12 (Python)', **more):
    open(f'{OUT}/{file}', 'wb').write(data)
    line = {'file': file, 'writer': writer, 'class': kind, 'password': password,
            'keys': keys.split(), 'certs': certs.split(), **more}
    open(f'{WORK}/index.jsonl', 'a').write(json.dumps(line) + '\n')

"""The examples of RFC 9215, made again from their numbers into the folder argv[2].

The RFC takes the keys d and the numbers k from the examples of RFC 7091, and gives names, dates and serial numbers;
everything else follows. Digests are those of the gost engine, parameter sets come from rfc7836.json (argv[1]), and
RFC 7091 for its test sets. No code of sealkit.
"""
import base64
import json
import subprocess
import sys
from pathlib import Path

TEST_256 = {  # RFC 7091 7.1
    'p': 0x8000000000000000000000000000000000000000000000000000000000000431,
    'a': 7,
    'b': 0x5FBFF498AA938CE739B8E022FBAFEF40563F6E6A3472FC2A514C0CE9DAE23B7E,
    'q': 0x8000000000000000000000000000000150FE8A1892976154C59CFC193ACCF5B3,
    'x': 2,
    'y': 0x08E2A8A0E65147D4BD6316030E16D19C85C97F0A9CA267122B96ABBCEA7E8FC8,
}
TEST_512 = {  # RFC 7091 7.2
    'p': 0x4531ACD1FE0023C7550D267B6B2FEE80922B14B2FFB90F04D4EB7C09B5D2D15DF1D852741AF4704A0458047E80E4546D35B8336FAC224DD81664BBF528BE6373,
    'a': 7,
    'b': 0x1CFF0806A31116DA29D8CFA54E57EB748BC5F377E49400FDD788B649ECA1AC4361834013B2AD7322480A89CA58E0CF74BC9E540C2ADD6897FAD0A3084F302ADC,
    'q': 0x4531ACD1FE0023C7550D267B6B2FEE80922B14B2FFB90F04D4EB7C09B5D2D15DA82F2D7ECB1DBAC719905C5EECC423F1D86E25EDBE23C595D644AAF187E6E6DF,
    'x': 0x24D19CC64572EE30F396BF6EBBFD7A6C5213B3B3D7057CC825F91093A68CD762FD60611262CD838DC6B60AA7EEE804E28BC849977FAC33B4B530F1B120248A9A,
    'y': 0x2BB312A43BD2CE6E0D020613C857ACDDCFBF061E91E5F2C3F32447C259F39B2C83AB156D77F1496BF7EB3351E1EE4E43DC1A18B91B24640B6DBB92CB1ADD371E,
}
D_256 = 0x7A929ADE789BB9BE10ED359DD39A72C11B60961F49397EEE1D19CE9891EC3B28
K_256 = 0x77105C9B20BCD3122823C8CF6FCC7B956DE33814E95B7FE64FED924594DCEAB3
# For paramSetA, whose q is smaller, the RFC has the same with another first digit.
K_256A = 0x27105C9B20BCD3122823C8CF6FCC7B956DE33814E95B7FE64FED924594DCEAB3
D_512 = 0x0BA6048AADAE241BA40936D47756D7C93091A0E8514669700EE7508E508B102072E8123B2200A0563322DAD2827E2714A2636B7BFD18AADFC62967821FA18DD4
K_512 = 0x0359E7F4B1410FEACC570456C6801496946312120B39D019D455986E364F365886748ED7A44B3E794434006011842286212273A6D14CF70EA3AF71BB1AE679F1


def tlv(tag, *parts):
    body = b''.join(parts)
    size = len(body)
    if size < 0x80:
        return bytes([tag, size]) + body
    length = size.to_bytes((size.bit_length() + 7) // 8, 'big')
    return bytes([tag, 0x80 | len(length)]) + length + body


def oid(dotted):
    first, second, *others = map(int, dotted.split('.'))
    out = bytearray([first * 40 + second])
    for arc in others:
        groups = [arc & 0x7F]
        while arc := arc >> 7:
            groups.append(arc & 0x7F | 0x80)
        out += bytes(reversed(groups))
    return tlv(0x06, bytes(out))


def seq(*parts):
    return tlv(0x30, *parts)


def integer(value):
    return tlv(0x02, bytes([value]))


def bits(data):
    return tlv(0x03, b'\0', data)


def add(curve, one, two):
    if one is None or two is None:
        return one or two
    p = curve['p']
    if one[0] == two[0]:
        if (one[1] + two[1]) % p == 0:
            return None
        slope = (3 * one[0] ** 2 + curve['a']) * pow(2 * one[1], -1, p)
    else:
        slope = (two[1] - one[1]) * pow(two[0] - one[0], -1, p)
    x = (slope ** 2 - one[0] - two[0]) % p
    return x, (slope * (one[0] - x) - one[1]) % p


def multiply(curve, k):
    result, point = None, (curve['x'], curve['y'])
    while k:
        if k & 1:
            result = add(curve, result, point)
        point = add(curve, point, point)
        k >>= 1
    return result


class Example:
    """One key of the appendix, with what the RFC signs with it."""

    def __init__(self, name, size, curve, set_oid, digest_set, numbers, serial):
        self.name, self.size, self.curve, self.serial = name, size, curve, serial
        self.d, self.k = numbers
        last = 1 if size == 32 else 2
        digest = [oid('1.2.643.7.1.1.2.2')] if digest_set else []
        self.algorithm = seq(oid(f'1.2.643.7.1.1.1.{last}'), seq(oid(set_oid), *digest))
        self.signature_algorithm = seq(oid(f'1.2.643.7.1.1.3.{last + 1}'))
        x, y = multiply(curve, self.d)
        point = x.to_bytes(size, 'little') + y.to_bytes(size, 'little')
        self.spki = seq(self.algorithm, bits(tlv(0x04, point)))
        self.subject = seq(tlv(0x31, seq(oid('2.5.4.3'), tlv(0x13, b'Example'))))

    def sign(self, tbs):
        command = ['openssl', 'dgst', '-binary', f'-md_gost12_{self.size * 8}']
        digest = subprocess.run(command, input=tbs, stdout=subprocess.PIPE, check=True).stdout
        q = self.curve['q']
        e = int.from_bytes(digest, 'little') % q or 1
        r = multiply(self.curve, self.k)[0] % q
        s = (r * self.d + self.k * e) % q
        signature = s.to_bytes(self.size, 'big') + r.to_bytes(self.size, 'big')
        return seq(tbs, self.signature_algorithm, bits(signature))

    def certificate(self):
        validity = seq(tlv(0x17, b'010101000000Z'), tlv(0x18, b'20501231000000Z'))
        constraints = seq(oid('2.5.29.19'), b'\x01\x01\xff', tlv(0x04, seq(b'\x01\x01\xff')))
        return self.sign(seq(
            tlv(0xA0, integer(2)), integer(self.serial), self.signature_algorithm, self.subject, validity,
            self.subject, self.spki, tlv(0xA3, seq(constraints))))

    def request(self):
        return self.sign(seq(integer(0), self.subject, self.spki, tlv(0xA0)))

    def crl(self):
        times = tlv(0x17, b'140101000000Z'), tlv(0x17, b'140102000000Z')
        return self.sign(seq(integer(1), self.signature_algorithm, self.subject, *times))

    def key(self):
        return seq(integer(0), self.algorithm, tlv(0x04, self.d.to_bytes(self.size, 'little')))


def main():
    sets, folder = Path(sys.argv[1]), Path(sys.argv[2])
    found = next(one for one in json.loads(sets.read_text())['sets'] if one['name'].endswith('256-paramSetA'))
    set_a = {name: int(found[name], 16) for name in ('p', 'a', 'b', 'q', 'x', 'y')}
    examples = [
        Example('rfc9215-256-test', 32, TEST_256, '1.2.643.2.2.35.0', True, (D_256, K_256), 10),
        Example('rfc9215-256a', 32, set_a, '1.2.643.7.1.2.1.1.1', False, (D_256, K_256A), 10),
        Example('rfc9215-512-test', 64, TEST_512, '1.2.643.7.1.2.1.2.0', False, (D_512, K_512), 11),
    ]
    for one in examples:
        for suffix, label, der in (
            ('crt', 'CERTIFICATE', one.certificate()),
            ('csr', 'CERTIFICATE REQUEST', one.request()),
            ('crl', 'X509 CRL', one.crl()),
            ('key', 'PRIVATE KEY', one.key()),
        ):
            text = base64.b64encode(der).decode()
            lines = [text[at:at + 64] for at in range(0, len(text), 64)]
            pem = '\n'.join([f'-----BEGIN {label}-----', *lines, f'-----END {label}-----', ''])
            (folder / f'{one.name}.{suffix}').write_text(pem)


main()

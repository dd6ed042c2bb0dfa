"""index.jsonl of the work folder -> index.json: names of keys and certificates become fingerprints."""
import hashlib
import json
from p12 import OUT, PKI, WORK, certificate, run

spki = lambda name: run('openssl', 'pkey', '-in', f'{PKI}/{name}.key', '-pubout', '-outform', 'DER')
short = lambda data: hashlib.sha256(data).hexdigest()[:16]


def main():
    entries = []
    for line in open(f'{WORK}/index.jsonl'):
        entry = json.loads(line)
        entry['keys'] = [short(spki(name)) for name in entry['keys'] if name]
        entry['certs'] = [short(certificate(name)) for name in entry['certs'] if name]
        entry.setdefault('expect', 'ok')
        entries.append(entry)
    entries.sort(key=lambda entry: entry['file'])
    with open(f'{OUT}/index.json', 'w') as file:
        file.write('[\n' + ',\n'.join(json.dumps(entry, ensure_ascii=False) for entry in entries) + '\n]\n')


if __name__ == '__main__':
    main()

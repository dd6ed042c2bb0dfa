"""What OpenSSL reads from each good file is what index.json says; the others are known by name."""
import base64
import json
import os
import re
import subprocess
from p12 import OUT, run
from index import short

# PBMAC1 needs OpenSSL 3.4; OpenSSL has no separate password for a key, and refuses a BMPString of odd length.
NOT_READ = re.compile('special-(pbmac1-.*|key-password|mac-password|name-odd).p12')


def read(entry):
    args = ['openssl', 'pkcs12', '-legacy', '-in', f'{OUT}/{entry["file"]}', '-passin', 'env:PASSWORD', '-noenc']
    environment = {**os.environ, 'PASSWORD': entry['password'] or ''}
    result = subprocess.run(args, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    if result.returncode:
        return None
    blocks = re.findall(r'^-----BEGIN ([A-Z ]+)-----\n(.*?)^-----END', result.stdout.decode('utf8', 'replace'), re.S | re.M)
    found = {'CERTIFICATE': set(), 'PRIVATE KEY': set()}
    for label, text in blocks:
        der = base64.b64decode(text)
        if label == 'PRIVATE KEY':
            der = run('openssl', 'pkey', '-inform', 'DER', '-pubout', '-outform', 'DER', data=der)
        found[label].add(short(der))
    return found['PRIVATE KEY'], found['CERTIFICATE']


wrong = []
for entry in json.load(open(f'{OUT}/index.json')):
    if entry['expect'] != 'ok':
        continue
    wanted = None if NOT_READ.fullmatch(entry['file']) else (set(entry['keys']), set(entry['certs']))
    if read(entry) != wanted:
        wrong.append(entry['file'])
if wrong:
    raise SystemExit(f'OpenSSL reads otherwise: {wrong}')

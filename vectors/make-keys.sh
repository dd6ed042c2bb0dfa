#!/bin/sh
# Makes vectors/keys anew: throw-away keys in every form that is read, and in forms that are refused.
# Needs openssl 3 with its legacy provider, ssh-keygen and keytool. The password of all is "test".
# usage: sh vectors/make-keys.sh
set -eu
umask 077
cd "$(dirname "$0")"
rm -rf keys
mkdir keys
cd keys

legacy='-provider legacy -provider default'
pass=pass:test
quiet() { "$@" 2>/dev/null; }

# The keys that the others are forms of.
quiet openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out rsa.pkcs8.pem
quiet openssl genpkey -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048 -pkeyopt rsa_pss_keygen_md:sha256 \
  -pkeyopt rsa_pss_keygen_mgf1_md:sha256 -pkeyopt rsa_pss_keygen_saltlen:32 -out rsa-pss.pkcs8.pem
for curve in P-256 P-384 P-521; do
  quiet openssl genpkey -algorithm EC -pkeyopt "ec_paramgen_curve:$curve" -out "$(echo $curve | tr -d - | tr P p).pkcs8.pem"
done
openssl genpkey -algorithm ed25519 -out ed25519.pkcs8.pem
openssl genpkey -algorithm ed448 -out ed448.pkcs8.pem

# Plain forms.
openssl pkcs8 -topk8 -nocrypt -in rsa.pkcs8.pem -outform DER -out rsa.pkcs8.der
openssl rsa -in rsa.pkcs8.pem -traditional -out rsa.pkcs1.pem 2>/dev/null
openssl rsa -in rsa.pkcs8.pem -traditional -outform DER -out rsa.pkcs1.der 2>/dev/null
openssl pkcs8 -topk8 -nocrypt -in p256.pkcs8.pem -outform DER -out p256.pkcs8.der
openssl ecparam -name prime256v1 -out p256.sec1-with-parameters.pem
quiet openssl ec -in p256.pkcs8.pem -out p256.sec1.pem
cat p256.sec1.pem >> p256.sec1-with-parameters.pem
quiet openssl ec -in p256.pkcs8.pem -outform DER -out p256.sec1.der
quiet openssl ec -in p256.pkcs8.pem -no_public -out p256.sec1-no-public.pem
quiet openssl ec -in p256.pkcs8.pem -conv_form compressed -out p256.sec1-compressed.pem
base64 < rsa.pkcs8.der > rsa.pkcs8.base64

# PBES2 with PBKDF2: cipher and hash.
for form in aes-128-cbc:hmacWithSHA1 aes-192-cbc:hmacWithSHA224 aes-256-cbc:hmacWithSHA256 \
  aes-256-cbc:hmacWithSHA384 aes-256-cbc:hmacWithSHA512 des3:hmacWithSHA256; do
  openssl pkcs8 -topk8 -in p256.pkcs8.pem -v2 "${form%:*}" -v2prf "${form#*:}" -passout $pass \
    -out "p256.pbes2-${form%:*}-${form#*:}.pem"
done
openssl pkcs8 -topk8 -in rsa.pkcs8.pem -v2 aes-256-cbc -passout $pass -outform DER -out rsa.pbes2.der
openssl pkcs8 -topk8 -in p256.pkcs8.pem -v2 aes-256-cbc -iter 600000 -passout $pass -out p256.pbes2-600000.pem
openssl pkcs8 -topk8 -in p256.pkcs8.pem -v2 aes-256-cbc -passout pass: -out p256.pbes2-empty-password.pem
# scrypt: OpenSSL's own default; more it neither writes nor opens (memory limit of 32 MiB).
openssl pkcs8 -topk8 -in p256.pkcs8.pem -scrypt -passout $pass -out p256.scrypt-16384.pem

# PKCS#12's encryption of keys, and the traditional one.
openssl pkcs8 -topk8 -in p256.pkcs8.pem -v1 PBE-SHA1-3DES -passout $pass -out p256.pbe-sha1-3des.pem
openssl pkcs8 -topk8 -in p256.pkcs8.pem -v1 PBE-SHA1-2DES -iter 16 -passout $pass -out p256.pbe-sha1-2des.pem
for cipher in aes128 aes192 aes256 des3 camellia128 camellia192 camellia256; do
  quiet openssl rsa -in rsa.pkcs8.pem -traditional "-$cipher" -passout $pass -out "rsa.traditional-$cipher.pem"
done
quiet openssl ec -in p256.pkcs8.pem -aes256 -passout $pass -out p256.traditional-aes256.pem

# Old ciphers.
for form in PBE-MD5-DES PBE-SHA1-DES PBE-SHA1-RC2-64 PBE-SHA1-RC2-40 PBE-SHA1-RC2-128 PBE-SHA1-RC4-40 PBE-SHA1-RC4-128; do
  openssl pkcs8 -topk8 -in p256.pkcs8.pem -v1 $form $legacy -passout $pass -out "p256.$(echo $form | tr A-Z a-z).pem"
done
openssl pkcs8 -topk8 -in p256.pkcs8.pem -v2 rc2 $legacy -passout $pass -out p256.pbes2-rc2.pem
quiet openssl rsa -in rsa.pkcs8.pem -traditional -des $legacy -passout $pass -out rsa.traditional-des.pem

# Refused: another kind of key, another kind of file.
quiet openssl ec -in p256.pkcs8.pem -param_enc explicit -out refused.explicit-parameters.sec1.pem
quiet openssl pkey -in p256.pkcs8.pem -ec_param_enc explicit -out refused.explicit-parameters.pkcs8.pem
quiet openssl genpkey -genparam -algorithm DSA -pkeyopt dsa_paramgen_bits:2048 -out parameters.tmp
openssl genpkey -paramfile parameters.tmp -out refused.dsa.pkcs8.pem
openssl pkey -in refused.dsa.pkcs8.pem -traditional -out refused.dsa.traditional.pem
rm parameters.tmp
for curve in secp256k1 brainpoolP256r1 secp224r1; do
  openssl genpkey -algorithm EC -pkeyopt "ec_paramgen_curve:$curve" -out "refused.$curve.pem"
done
openssl genpkey -algorithm x25519 -out refused.x25519.pem
ssh-keygen -q -t ed25519 -N '' -C test -f refused.openssh.pem
mv refused.openssh.pem.pub refused.ssh-public-key.txt
openssl pkey -in p256.pkcs8.pem -pubout -out refused.public-key.pem
openssl rsa -in rsa.pkcs8.pem -RSAPublicKey_out -out refused.rsa-public-key.pem 2>/dev/null
openssl ecparam -name prime256v1 -out refused.ec-parameters.pem
cat p256.pkcs8.pem ed25519.pkcs8.pem > refused.two-keys.pem

# Certificates: root, issuing, leaf of the RSA key; and forms that hold them.
request() { openssl req -new -key "$1" -subj "$2"; }
printf 'basicConstraints=critical,CA:true\nkeyUsage=keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n' > ca.tmp
printf 'keyUsage=digitalSignature\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n' > leaf.tmp
request p384.pkcs8.pem '/O=sealkit test/CN=Root' | quiet openssl x509 -req -key p384.pkcs8.pem -days 36500 -set_serial 1 -extfile ca.tmp -out root.crt
request p521.pkcs8.pem '/O=sealkit test/CN=Issuing' | quiet openssl x509 -req -CA root.crt -CAkey p384.pkcs8.pem -days 36500 -set_serial 2 -extfile ca.tmp -out issuing.crt
request rsa.pkcs8.pem '/O=sealkit test/CN=Leaf' | quiet openssl x509 -req -CA issuing.crt -CAkey p521.pkcs8.pem -days 36500 -set_serial 3 -extfile leaf.tmp -out rsa.crt
request p256.pkcs8.pem '/O=sealkit test/CN=Other leaf' | quiet openssl x509 -req -CA issuing.crt -CAkey p521.pkcs8.pem -days 36500 -set_serial 4 -extfile leaf.tmp -out p256.crt
rm ca.tmp leaf.tmp
cat root.crt rsa.crt issuing.crt > chain-in-disorder.crt
openssl x509 -in rsa.crt -outform DER -out rsa.crt.der
openssl crl2pkcs7 -nocrl -certfile chain-in-disorder.crt -out chain.p7b.pem
openssl crl2pkcs7 -nocrl -certfile chain-in-disorder.crt -outform DER -out chain.p7b.der
openssl x509 -in rsa.crt -trustout -addtrust clientAuth -out refused.trusted.crt
request rsa.pkcs8.pem '/CN=Request' > refused.csr.pem
openssl cms -sign -in /dev/null -signer rsa.crt -inkey rsa.pkcs8.pem -outform PEM -out refused.cms.pem
openssl pkcs12 -export -inkey rsa.pkcs8.pem -in rsa.crt -certfile issuing.crt -passout $pass -out rsa.p12
keytool -genkeypair -alias test -keyalg EC -groupname secp256r1 -dname CN=test -validity 36500 -storetype JKS \
  -storepass test12 -keypass test12 -keystore refused.jks 2>/dev/null
# Bag attributes, text, an encrypted key and its chain in one file, as `openssl pkcs12` writes it.
quiet openssl pkcs12 -in rsa.p12 -passin $pass -passout $pass -out bag-attributes.pem
chmod 644 ./*

#!/bin/bash
# Makes vectors/pkcs12 anew: throw-away keys and certificates, and PKCS#12 files of every class that is met, by
# OpenSSL 3.0, keytool 17, Java's KeyStore, NSS, GnuTLS, Bouncy Castle, node-forge and pkijs; what no tool of
# Debian 12 writes (PBMAC1, scrypt for certificates, odd bags, broken files) by make-pkcs12/*.py, which share no
# code with sealkit. Wants: openssl with its legacy provider, default-jdk-headless, libbcpkix-java, libnss3-tools,
# gnutls-bin, python3, jq, and npm's packages of the project. Run it from the project's root:
#   bash vectors/make-pkcs12.sh
# The keys come out new each time, and with them every file. index.json says what each file is.
set -euo pipefail
cd "$(dirname "$0")/.."
export out=vectors/pkcs12 tools=vectors/make-pkcs12 LC_ALL=C.UTF-8
export pki=$out/pki
work=$(mktemp -d); export work
trap 'rm -rf "$work"' EXIT
rm -rf "$out"
mkdir -p "$pki"

# ---- PKI: root -> intermediate -> a leaf for each kind of key, valid until 2126
cat > "$work/pki.cnf" <<CNF
[req]
distinguished_name = dn
prompt = no
[dn]
CN = unused
[authority]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[leaf]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[ca]
default_ca = main
[main]
database = $work/database
default_md = sha256
default_crl_days = 36500
CNF
issue() { # name, section, issuer or -, key type and options
  local name=$1 section=$2 issuer=$3 type=$4; shift 4
  local ca=() options=()
  [ "$issuer" = - ] || ca=(-CA "$pki/$issuer.crt" -CAkey "$pki/$issuer.key")
  for option in "$@"; do options+=(-pkeyopt "$option"); done
  openssl req -x509 -config "$work/pki.cnf" -extensions "$section" -days 36500 -sha256 \
    -subj "/C=NL/O=Sealkit vectors/CN=$name" -newkey "$type" -noenc "${options[@]}" \
    -keyout "$pki/$name.key" -out "$pki/$name.crt" "${ca[@]}" 2>/dev/null
}
issue root authority - ec ec_paramgen_curve:P-256
issue intermediate authority root ec ec_paramgen_curve:P-256
issue rsa leaf intermediate rsa:2048
issue selfsigned leaf - rsa:2048
issue rsapss leaf intermediate rsa-pss rsa_keygen_bits:2048
issue p256 leaf intermediate ec ec_paramgen_curve:P-256
issue other leaf intermediate ec ec_paramgen_curve:P-256
issue p384 leaf intermediate ec ec_paramgen_curve:P-384
issue p521 leaf intermediate ec ec_paramgen_curve:P-521
issue ed25519 leaf intermediate ed25519
issue ed448 leaf intermediate ed448
# Kinds that sealkit does not sign with; it can read and convert them still.
issue secp256k1 leaf intermediate ec ec_paramgen_curve:secp256k1
issue weak leaf intermediate rsa:1024
openssl genpkey -genparam -algorithm DSA -pkeyopt dsa_paramgen_bits:2048 -out "$work/dsa" 2>/dev/null
issue dsa leaf intermediate "dsa:$work/dsa"
: > "$work/database"
openssl ca -gencrl -config "$work/pki.cnf" -keyfile "$pki/root.key" -cert "$pki/root.crt" -out "$pki/root.crl" 2>/dev/null
cat "$pki/intermediate.crt" "$pki/root.crt" > "$work/chain.crt"

# ---- The index: one line of JSON for each file; names of keys and certificates become fingerprints at the end
export test=sealkit-test umlaut='Grüße-ß' cyrillic='Пароль-ёж' emoji='пин🔑ключ'
writer=
entry() { # file, class, password (or -null-), keys, certificates, further JSON
  local password=$3
  jq -cn --arg file "$1" --arg writer "$writer" --arg class "$2" --arg password "$password" --arg keys "$4" \
    --arg certs "$5" --argjson more "${6:-{\}}" '{file: $file, writer: $writer, class: $class,
      password: (if $password == "-null-" then null else $password end),
      keys: ($keys | split(" ")), certs: ($certs | split(" "))} + $more' >> "$work/index.jsonl"
}
all() { echo "$1 intermediate root"; }

# ---- OpenSSL
writer="OpenSSL $(openssl version | cut -d' ' -f2 | cut -d. -f1,2)"
openssl_file() { # file, class, password, leaf, further JSON, arguments
  local file=$1 class=$2 password=$3 leaf=$4 more=$5; shift 5
  PASSWORD=$password openssl pkcs12 -export -out "$out/$file" -inkey "$pki/$leaf.key" -in "$pki/$leaf.crt" \
    -certfile "$work/chain.crt" -name "$leaf of OpenSSL" -passout env:PASSWORD "$@"
  entry "$file" "$class" "$password" "$leaf" "$(all "$leaf")" "$more"
}
both() { echo "-certpbe $1 -keypbe $1"; }
weak='{"weak":true}' unsupported='{"expect":"refuse","code":"ERR_CREDENTIAL_UNSUPPORTED"}'
aes='PBES2 AES-128/256' mac='MAC SHA-1/256/384/512'
openssl_file openssl-aes256.p12 "$aes" $test p256 '{"friendlyName":"p256 of OpenSSL"}'
openssl_file openssl-aes128.p12 "$aes" $test p256 '{}' $(both AES-128-CBC)
openssl_file openssl-10000.p12 "$aes" $test p256 '{}' -iter 10000
openssl_file openssl-100000.p12 "$aes" $test p256 '{}' -iter 100000
openssl_file openssl-aes192.p12 'PBES2 AES-192' $test p256 '{}' $(both AES-192-CBC)
openssl_file openssl-pbes2-3des.p12 'PBES2 3DES' $test p256 "$weak" $(both DES-EDE3-CBC)
openssl_file openssl-camellia256.p12 'PBES2 Camellia' $test p256 '{}' $(both CAMELLIA-256-CBC)
openssl_file openssl-3des.p12 'PBE-SHA1-3DES' $test p256 "$weak" -legacy -descert
openssl_file openssl-2des.p12 'PBE-SHA1-2DES' $test p256 "$weak" $(both PBE-SHA1-2DES) -macalg sha1
openssl_file openssl-legacy.p12 'RC2-40' $test rsa "$weak" -legacy
openssl_file openssl-rc2-40.p12 'RC2-40' $test p256 "$weak" -legacy $(both PBE-SHA1-RC2-40)
openssl_file openssl-rc2-128.p12 'RC2-128' $test p256 "$weak" -legacy $(both PBE-SHA1-RC2-128)
openssl_file openssl-rc4-128.p12 'RC4' $test p256 "$weak" -legacy $(both PBE-SHA1-RC4-128)
openssl_file openssl-rc4-40.p12 'RC4' $test p256 "$weak" -legacy $(both PBE-SHA1-RC4-40)
for hash in sha1 sha384 sha512; do openssl_file openssl-mac-$hash.p12 "$mac" $test p256 '{}' -macalg $hash; done
openssl_file openssl-mac-iteration-1.p12 "$mac" $test p256 "$weak" -nomaciter
openssl_file openssl-mac-md5.p12 'DES, MD5' $test p256 "$weak" -macalg md5
openssl_file openssl-des.p12 'DES, MD5' $test p256 "$weak" -legacy $(both PBE-SHA1-DES)
openssl_file openssl-pbes2-des.p12 'DES, MD5' $test p256 "$weak" -legacy $(both DES-CBC)
openssl_file openssl-mac-sha224.p12 'MAC SHA-224' $test p256 '{}' -macalg sha224
openssl_file openssl-no-mac.p12 'no MAC' $test p256 '{"noMac":true}' -nomac
openssl_file openssl-bare.p12 'no MAC' -null- p256 '{"noMac":true,"plain":true}' -nomac $(both NONE)
openssl_file openssl-plain.p12 'plain keyBag' $test p256 '{"plain":true}' $(both NONE)
openssl_file openssl-plain-key.p12 'plain keyBag' $test p256 '{"plain":true}' -keypbe NONE
openssl_file openssl-plain-certificates.p12 'plain certificates' $test p256 '{}' -certpbe NONE
openssl_file openssl-umlaut.p12 'password UTF-8, PBES2' "$umlaut" p256 '{}'
openssl_file openssl-cyrillic.p12 'password UTF-8, PBES2' "$cyrillic" p256 '{}'
openssl_file openssl-emoji.p12 'password UTF-8, PBES2' "$emoji" p256 '{}'
openssl_file openssl-cyrillic-3des.p12 'password BMPString, PBES1' "$cyrillic" p256 "$weak" -legacy -descert
openssl_file openssl-emoji-3des.p12 'password BMPString, PBES1' "$emoji" p256 "$weak" -legacy -descert
openssl_file openssl-empty.p12 'password empty or null' '' p256 '{}'
openssl_file openssl-empty-3des.p12 'password empty or null' '' p256 "$weak" -legacy -descert
openssl_file openssl-rsapss.p12 'RSA-PSS key' $test rsapss '{}'
for curve in p384 p521; do openssl_file openssl-$curve.p12 'EC key' $test $curve '{}'; done
for curve in ed25519 ed448; do openssl_file openssl-$curve.p12 'Ed25519, Ed448 key' $test $curve '{}'; done
for kind in secp256k1 weak dsa; do openssl_file openssl-$kind.p12 'keys not signed with' $test $kind '{}'; done
openssl_file openssl-friendly-name.p12 'friendly names' $test p256 '{"friendlyName":"Клиент / \"client\""}' \
  -name 'Клиент / "client"' -caname 'ЦС промежуточный'
openssl_file openssl-microsoft.p12 'unknown attributes' $test p256 '{}' -LMK -CSP 'Microsoft Enhanced RSA'
for cipher in aria-256-cbc sm4-cbc; do
  openssl_file refused-$cipher.p12 'not supported' $test p256 "$unsupported" $(both $cipher)
done
for hash in sha3-256 sm3; do openssl_file refused-mac-$hash.p12 'not supported' $test p256 "$unsupported" -macalg $hash; done
export PASSWORD=$test
openssl pkcs12 -export -nokeys -in "$work/chain.crt" -passout env:PASSWORD -out "$out/openssl-certificates.p12"
entry openssl-certificates.p12 'certificates only' $test '' 'intermediate root'
openssl pkcs12 -export -nocerts -inkey "$pki/p256.key" -passout env:PASSWORD -out "$out/openssl-key.p12"
entry openssl-key.p12 'key only' $test p256 ''

# ---- keytool and Java's KeyStore: the identity comes from a file of OpenSSL
writer="keytool $(java -version 2>&1 | sed -n '1s/.*"\([0-9]*\).*/\1/p')"
for leaf in rsa p256 ed25519; do
  openssl pkcs12 -export -name $leaf -inkey "$pki/$leaf.key" -in "$pki/$leaf.crt" -certfile "$work/chain.crt" \
    -passout env:PASSWORD -out "$work/$leaf.p12"
done
keytool_() { keytool "$@" -storetype PKCS12 -storepass:env PASSWORD -noprompt 2>/dev/null; }
import_key() { # store, leaf, -J-D...
  local store=$1 leaf=$2; shift 2
  keytool "$@" -importkeystore -srckeystore "$work/$leaf.p12" -srcstorepass:env PASSWORD -srcalias $leaf -noprompt \
    -destkeystore "$out/$store" -deststoretype PKCS12 -deststorepass:env PASSWORD 2>/dev/null
}
import_key keytool.p12 p256
entry keytool.p12 "$aes" $test p256 "$(all p256)" '{"friendlyName":"p256"}'
import_key keytool-legacy.p12 rsa -J-Dkeystore.pkcs12.legacy
entry keytool-legacy.p12 'RC2-40' $test rsa "$(all rsa)" "$weak"
for prf in 1 224 256 384 512; do
  algorithm=PBEWithHmacSHA${prf}AndAES_256
  import_key keytool-prf-sha$prf.p12 p256 -J-Dkeystore.pkcs12.{cert,key}ProtectionAlgorithm=$algorithm \
    -J-Dkeystore.pkcs12.{macIterationCount,certPbeIterationCount,keyPbeIterationCount}=2048
  entry keytool-prf-sha$prf.p12 'PBKDF2 with each PRF' $test p256 "$(all p256)"
done
import_key keytool-rc4.p12 p256 -J-Dkeystore.pkcs12.{cert,key}ProtectionAlgorithm=PBEWithSHA1AndRC4_128 \
  -J-Dkeystore.pkcs12.macAlgorithm=HmacPBESHA1
entry keytool-rc4.p12 'RC4' $test p256 "$(all p256)" "$weak"
import_key keytool-several.p12 p256; import_key keytool-several.p12 rsa; import_key keytool-several.p12 ed25519
entry keytool-several.p12 'several keys' $test 'p256 rsa ed25519' "$(all 'p256 rsa ed25519')"
for name in intermediate root; do
  keytool_ -importcert -alias $name -file "$pki/$name.crt" -keystore "$out/keytool-truststore.p12"
  keytool_ -importcert -alias $name -file "$pki/$name.crt" -keystore "$out/keytool-truststore-bare.p12" \
    -J-Dkeystore.pkcs12.certProtectionAlgorithm=NONE -J-Dkeystore.pkcs12.macAlgorithm=NONE
done
entry keytool-truststore.p12 'Java truststore' $test '' 'intermediate root' '{"trusted":2}'
entry keytool-truststore-bare.p12 'Java truststore' -null- '' 'intermediate root' '{"trusted":2,"noMac":true}'
import_key keytool-secret.p12 p256
keytool_ -genseckey -alias secret -keyalg AES -keysize 256 -keystore "$out/keytool-secret.p12"
printf 'stored\nstored\n' | keytool_ -importpass -alias word -keystore "$out/keytool-secret.p12"
entry keytool-secret.p12 'secret bag' $test p256 "$(all p256)" '{"skipped":2}'
java "$tools/JavaKeyStore.java"
writer='Java KeyStore 17'
entry java-empty.p12 'password empty or null' '' p256 "$(all p256)"
entry java-truststore-empty.p12 'Java truststore' '' '' root '{"trusted":1}'

# ---- NSS (it writes indefinite lengths)
writer='NSS 3.87'
mkdir "$work/nss"
certutil -N -d "sql:$work/nss" --empty-password
for leaf in p256 rsa; do pk12util -i "$work/$leaf.p12" -d "sql:$work/nss" -W $test > /dev/null; done
nss() { # file, class, password, leaf, further JSON, arguments
  local file=$1 class=$2 password=$3 leaf=$4 more=$5; shift 5
  pk12util -o "$out/$file" -n $leaf -d "sql:$work/nss" -W "$password" "$@" > /dev/null
  entry "$file" "$class" "$password" $leaf "$(all $leaf)" "$more"
}
nss nss.p12 'BER, indefinite lengths' $test p256 '{}'
nss nss-3des.p12 'PBE-SHA1-3DES' $test p256 "$weak" -c 'PKCS #12 V2 PBE With SHA-1 And 3KEY Triple DES-CBC' \
  -C 'PKCS #12 V2 PBE With SHA-1 And 3KEY Triple DES-CBC' -M SHA-1
nss nss-rc2.p12 'RC2-40' $test rsa "$weak" -c 'PKCS #12 V2 PBE With SHA-1 And 3KEY Triple DES-CBC' \
  -C 'PKCS #12 V2 PBE With SHA-1 And 40 Bit RC2 CBC' -M SHA-1
nss nss-cyrillic.p12 'password UTF-8, PBES2' "$cyrillic" p256 '{}' -c AES-128-CBC -C AES-128-CBC

# ---- GnuTLS (it takes the first certificate of a file of authorities)
writer='GnuTLS 3.7'
gnutls() { # file, class, password, further JSON, arguments
  local file=$1 class=$2 password=$3 more=$4; shift 4
  certtool --to-p12 --outder --load-privkey "$pki/p256.key" --load-certificate "$pki/p256.crt" \
    --load-ca-certificate "$work/chain.crt" --p12-name 'p256 of GnuTLS' --outfile "$out/$file" "$@" 2>/dev/null
  entry "$file" "$class" "$password" p256 'p256 intermediate' "$more"
}
gnutls gnutls.p12 "$aes" $test '{}' --password $test
gnutls gnutls-aes192.p12 'PBES2 AES-192' $test '{}' --password $test --pkcs-cipher aes-192
gnutls gnutls-3des.p12 'PBE-SHA1-3DES' $test "$weak" --password $test --pkcs-cipher 3des-pkcs12 --hash sha1
gnutls gnutls-rc2-40.p12 'RC2-40' $test "$weak" --password $test --pkcs-cipher rc2-40
gnutls gnutls-rc4.p12 'RC4' $test "$weak" --password $test --pkcs-cipher arcfour
gnutls gnutls-mac-sha512.p12 "$mac" $test '{}' --password $test --hash sha512
gnutls gnutls-cyrillic.p12 'password UTF-8, PBES2' "$cyrillic" '{}' --password "$cyrillic"
gnutls gnutls-empty.p12 'password empty or null' '' '{}' --empty-password --password ''
gnutls gnutls-null.p12 'password empty or null' -null- '{}' --null-password

# ---- Bouncy Castle, node-forge, pkijs
java -cp /usr/share/java/bcpkix.jar:/usr/share/java/bcprov.jar:/usr/share/java/bcutil.jar "$tools/BouncyCastle.java"
writer='Bouncy Castle 1.72'
entry bc-der.p12 'RC2-40' $test rsa "$(all rsa)" "$weak"
entry bc-ber.p12 'BER, indefinite lengths' $test p256 "$(all p256)" "$weak"
entry bc-several.p12 'several keys' $test 'rsa ed25519' "$(all 'rsa ed25519')" "$weak"
entry bc-cyrillic.p12 'password BMPString, PBES1' "$cyrillic" p256 "$(all p256)" "$weak"
entry bc-emoji.p12 'password BMPString, PBES1' "$emoji" p256 "$(all p256)" "$weak"
entry bc-certificates.p12 'certificates only' $test '' 'intermediate root' "$weak"
node "$tools/javascript.mjs"
writer="node-forge $(jq -r .version node_modules/node-forge/package.json)"
entry forge.p12 "$aes" $test selfsigned selfsigned
entry forge-aes192.p12 'PBES2 AES-192' $test selfsigned selfsigned
entry forge-3des.p12 'PBE-SHA1-3DES' $test selfsigned selfsigned "$weak"
writer="pkijs $(jq -r .version node_modules/pkijs/package.json)"
entry pkijs.p12 'nested constructed OCTET STRING' $test p256 "$(all p256)"
entry pkijs-cyrillic.p12 'password UTF-8, PBES2' "$cyrillic" p256 "$(all p256)"

# ---- What no tool writes, and what is broken
python3 -B "$tools/special.py"
python3 -B "$tools/broken.py"
printf 'this is no key store\n' > "$out/broken-text.p12"
: > "$out/broken-empty.p12"
openssl x509 -in "$pki/p256.crt" -outform DER -out "$out/broken-certificate.p12"
keytool -importcert -alias root -file "$pki/root.crt" -keystore "$out/broken-jks.p12" -storetype JKS \
  -storepass:env PASSWORD -noprompt 2>/dev/null
writer='this script'
for name in text empty certificate jks; do
  entry broken-$name.p12 'broken: not a PKCS#12' $test '' '' '{"expect":"refuse","code":"ERR_CREDENTIAL_FORMAT"}'
done
python3 -B "$tools/index.py"
python3 -B "$tools/check.py"
chmod 644 "$out"/*.p12 "$pki"/*
jq length "$out/index.json"
du -sh "$out"

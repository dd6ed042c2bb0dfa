import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.security.KeyStore;
import java.security.Security;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import org.bouncycastle.jcajce.PKCS12StoreParameter;
import org.bouncycastle.jce.provider.BouncyCastleProvider;

/** Stores of Bouncy Castle, in DER and in BER. Environment: out, pki, work, test, cyrillic, emoji. */
public class BouncyCastle {
    private static final char[] TEST = System.getenv("test").toCharArray();

    public static void main(String[] args) throws Exception {
        Security.addProvider(new BouncyCastleProvider());
        save("bc-der.p12", TEST, true, "rsa");
        save("bc-ber.p12", TEST, false, "p256");
        save("bc-several.p12", TEST, true, "rsa", "ed25519");
        save("bc-cyrillic.p12", System.getenv("cyrillic").toCharArray(), true, "p256");
        save("bc-emoji.p12", System.getenv("emoji").toCharArray(), true, "p256");
        KeyStore store = empty();
        for (String name : new String[] {"intermediate", "root"}) {
            try (FileInputStream in = new FileInputStream(System.getenv("pki") + "/" + name + ".crt")) {
                Certificate certificate = CertificateFactory.getInstance("X.509").generateCertificate(in);
                store.setCertificateEntry(name, certificate);
            }
        }
        write(store, "bc-certificates.p12", TEST, true);
    }

    private static KeyStore empty() throws Exception {
        // 3DES for keys, RC2-40 for certificates: the default of old stores.
        KeyStore store = KeyStore.getInstance("PKCS12", "BC");
        store.load(null, null);
        return store;
    }

    private static void save(String file, char[] password, boolean der, String... names) throws Exception {
        KeyStore store = empty();
        for (String name : names) {
            KeyStore source = KeyStore.getInstance("PKCS12", "SunJSSE");
            try (FileInputStream in = new FileInputStream(System.getenv("work") + "/" + name + ".p12")) {
                source.load(in, TEST);
            }
            store.setKeyEntry(name, source.getKey(name, TEST), null, source.getCertificateChain(name));
        }
        write(store, file, password, der);
    }

    private static void write(KeyStore store, String file, char[] password, boolean der) throws Exception {
        try (FileOutputStream out = new FileOutputStream(System.getenv("out") + "/" + file)) {
            store.store(new PKCS12StoreParameter(out, password, der));
        }
    }
}

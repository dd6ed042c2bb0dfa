import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;

/** What keytool does not do: stores with the empty password. Environment: out, pki, work, test. */
public class JavaKeyStore {
    public static void main(String[] args) throws Exception {
        KeyStore source = KeyStore.getInstance("PKCS12");
        char[] password = System.getenv("test").toCharArray();
        try (FileInputStream in = new FileInputStream(System.getenv("work") + "/p256.p12")) {
            source.load(in, password);
        }
        Key key = source.getKey("p256", password);
        Certificate[] chain = source.getCertificateChain("p256");
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("p256", key, new char[0], chain);
        save(store, "java-empty.p12");

        KeyStore trust = KeyStore.getInstance("PKCS12");
        trust.load(null, null);
        try (FileInputStream in = new FileInputStream(System.getenv("pki") + "/root.crt")) {
            trust.setCertificateEntry("root", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        save(trust, "java-truststore-empty.p12");
    }

    private static void save(KeyStore store, String name) throws Exception {
        try (FileOutputStream out = new FileOutputStream(System.getenv("out") + "/" + name)) {
            store.store(out, new char[0]);
        }
    }
}

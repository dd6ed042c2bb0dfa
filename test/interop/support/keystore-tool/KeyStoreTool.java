import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Collections;

/** Java's own PKCS#12 for the interop tests. It is spoken to as CmsTool is. */
public final class KeyStoreTool {
    public static void main(String[] args) throws Exception {
        var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        var out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            out.println(answer(line));
        }
    }

    private static String answer(String line) {
        try {
            var request = Request.parse(line);
            return Json.object("result", switch (request.command()) {
                case "entries" -> entries(request.bytes("file"), request.text("password").toCharArray());
                default -> throw new IllegalArgumentException("no command " + request.command());
            });
        } catch (Throwable problem) {
            return Json.object("error", Json.problem(problem));
        }
    }

    /** Every entry: its alias, its kind, PKCS#8 of a key, DER of its certificates. */
    private static String entries(byte[] file, char[] password) throws Exception {
        var store = KeyStore.getInstance("PKCS12");
        store.load(new ByteArrayInputStream(file), password);
        var entries = new ArrayList<String>();
        for (String alias : Collections.list(store.aliases())) {
            boolean isKey = store.isKeyEntry(alias);
            String key = isKey ? Json.bytes(store.getKey(alias, password).getEncoded()) : "null";
            Certificate[] chain = isKey
                ? store.getCertificateChain(alias)
                : new Certificate[] {store.getCertificate(alias)};
            var certificates = new ArrayList<String>();
            // A key without a certificate has no chain at all.
            for (Certificate certificate : chain == null ? new Certificate[0] : chain) {
                certificates.add(Json.bytes(certificate.getEncoded()));
            }
            entries.add(Json.object("alias", Json.string(alias), "key", key,
                "certificates", Json.array(certificates)));
        }
        return Json.array(entries);
    }
}

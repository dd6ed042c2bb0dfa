import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.security.Security;
import org.bouncycastle.jce.provider.BouncyCastleProvider;

/**
 * Bouncy Castle's CMS for the interop tests. The process stays alive, since starting a JVM costs more than any
 * signature. One request a line (see Request), one answer a line: {"result": ...} or {"error": {...}}.
 */
public final class CmsTool {
    public static void main(String[] args) throws Exception {
        Security.addProvider(new BouncyCastleProvider());
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
                case "verify" -> Verify.message(request);
                case "sign" -> Json.bytes(Sign.message(request));
                case "addSigner" -> Json.bytes(Sign.addSigner(request));
                case "countersign" -> Json.bytes(Sign.countersign(request));
                case "addTimestamp" -> Json.bytes(Sign.addTimestamp(request));
                case "dump" -> Dump.message(request);
                case "gostIdentity" -> Gost.identity(request);
                default -> throw new IllegalArgumentException("no command " + request.command());
            });
        } catch (Throwable problem) { // StackOverflowError too: a hostile message must not end the tool
            return Json.object("error", Json.problem(problem));
        }
    }
}

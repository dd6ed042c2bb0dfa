import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;

/** As much of JSON writing as the answers need; every argument named `json` is written already. */
final class Json {
    static String string(String text) {
        if (text == null) return "null";
        var out = new StringBuilder("\"");
        for (char c : text.toCharArray()) {
            if (c == '"' || c == '\\') out.append('\\').append(c);
            else if (c < 0x20 || c > 0x7e) out.append(String.format("\\u%04x", (int) c));
            else out.append(c);
        }
        return out.append('"').toString();
    }

    static String bytes(byte[] data) {
        return string(Base64.getEncoder().encodeToString(data));
    }

    static String strings(List<String> texts) {
        return array(texts.stream().map(Json::string).toList());
    }

    static String array(List<String> json) {
        return json.stream().collect(Collectors.joining(",", "[", "]"));
    }

    /** Names and written values in turn. */
    static String object(String... namesAndJson) {
        var members = new StringBuilder("{");
        for (int i = 0; i < namesAndJson.length; i += 2) {
            if (i > 0) members.append(',');
            members.append(string(namesAndJson[i])).append(':').append(namesAndJson[i + 1]);
        }
        return members.append('}').toString();
    }

    static String problem(Throwable problem) {
        if (problem == null) return "null";
        String type = string(problem.getClass().getSimpleName());
        return object("type", type, "message", string(problem.getMessage()));
    }
}

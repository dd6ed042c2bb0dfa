import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** `command name=base64 name=base64 ...`: a name may come more than once; a flag is a name with no value. */
record Request(String command, List<Field> fields) {
    record Field(String name, byte[] value) {}

    static Request parse(String line) {
        String[] words = line.split(" ");
        var fields = new ArrayList<Field>();
        for (int i = 1; i < words.length; i++) {
            int equals = words[i].indexOf('=');
            byte[] value = Base64.getDecoder().decode(words[i].substring(equals + 1));
            fields.add(new Field(words[i].substring(0, equals), value));
        }
        return new Request(words[0], fields);
    }

    List<byte[]> all(String name) {
        return fields.stream().filter(field -> field.name().equals(name)).map(Field::value).toList();
    }

    boolean has(String name) {
        return !all(name).isEmpty();
    }

    byte[] bytes(String name) {
        return all(name).stream().findFirst()
            .orElseThrow(() -> new IllegalArgumentException("no field " + name));
    }

    String text(String name) {
        return new String(bytes(name), StandardCharsets.UTF_8);
    }
}

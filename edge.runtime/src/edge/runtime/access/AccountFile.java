// SPDX-License-Identifier: Apache-2.0
package edge.runtime.access;

import edge.api.access.Caller;
import edge.api.access.Role;
import edge.json.Json;
import edge.json.JsonException;
import edge.json.JsonParser;
import edge.json.JsonWriter;
import edge.runtime.base.AtomicFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The accounts on disk: {@code access/accounts.json}, readable by the user of the gateway only. */
final class AccountFile {
    private static final int VERSION = 1;

    private final Path file;

    AccountFile(Path file) {
        this.file = file;
    }

    Path path() {
        return file;
    }

    /** The accounts by name; none if there is no file. */
    Map<String, StoredAccount> read() throws IOException, JsonException {
        Map<String, StoredAccount> accounts = new TreeMap<>();
        if (!Files.exists(file)) {
            return accounts;
        }
        Json.Obj root = JsonParser.parse(Files.readString(file)).asObject();
        root.integer("version", VERSION, VERSION);
        for (Json item : root.get("accounts").asArray()) {
            StoredAccount account = account(item.asObject());
            accounts.put(account.name(), account);
        }
        return accounts;
    }

    private static StoredAccount account(Json.Obj item) throws JsonException {
        item.allowOnly(Set.of("name", "kind", "role", "verifier"));
        Caller.Kind kind = constant(Caller.Kind.class, item.get("kind"));
        Role role = constant(Role.class, item.get("role"));
        try {
            return new StoredAccount(item.text("name"), kind, role, item.text("verifier"));
        } catch (IllegalArgumentException e) {
            throw item.place().problem(e.getMessage());
        }
    }

    /** The constant that a text names, in lower case. */
    static <E extends Enum<E>> E constant(Class<E> type, Json node) throws JsonException {
        for (E constant : type.getEnumConstants()) {
            if (JsonWriter.lower(constant).equals(node.asText())) {
                return constant;
            }
        }
        StringBuilder known = new StringBuilder();
        for (E constant : type.getEnumConstants()) {
            known.append(known.isEmpty() ? "" : ", ").append(JsonWriter.lower(constant));
        }
        throw node.place().problem("must be one of " + known + ", not " + node.describe());
    }

    void write(Collection<StoredAccount> accounts) throws IOException {
        byte[] bytes = JsonWriter.bytes(out -> {
            out.useDefaultPrettyPrinter();
            out.writeStartObject();
            out.writeNumberField("version", VERSION);
            out.writeArrayFieldStart("accounts");
            for (StoredAccount account : accounts) {
                out.writeStartObject();
                out.writeStringField("name", account.name());
                out.writeStringField("kind", JsonWriter.lower(account.kind()));
                out.writeStringField("role", JsonWriter.lower(account.role()));
                out.writeStringField("verifier", account.verifier());
                out.writeEndObject();
            }
            out.writeEndArray();
            out.writeEndObject();
        });
        AtomicFiles.writePrivate(file, (new String(bytes, StandardCharsets.UTF_8) + "\n").getBytes(StandardCharsets.UTF_8));
    }
}

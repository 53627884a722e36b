// SPDX-License-Identifier: Apache-2.0
package edge.runtime.access;

import edge.api.access.Caller;
import edge.api.access.Role;
import edge.json.Json;
import edge.json.JsonException;
import edge.json.JsonParser;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a device maker drops into {@code access/first-run.json} before the first start, so that a unit comes up without
 * anybody being there.
 */
final class FirstRun {

    private FirstRun() {
    }

    /** The accounts that the text asks for; one of them is an administrator. Hashes a clear password: takes a moment. */
    static List<StoredAccount> accounts(String text) throws JsonException {
        Json.Obj root = JsonParser.parse(text).asObject();
        root.allowOnly(Set.of("administrator", "machines"));
        List<StoredAccount> accounts = new ArrayList<>();
        accounts.add(administrator(root.get("administrator").asObject()));
        Set<String> names = new HashSet<>();
        names.add(accounts.get(0).name());
        if (root.has("machines")) {
            for (Json item : root.get("machines").asArray()) {
                StoredAccount machine = machine(item.asObject());
                if (!names.add(machine.name())) {
                    throw item.place().problem("there are two accounts named '" + machine.name() + "'");
                }
                accounts.add(machine);
            }
        }
        return accounts;
    }

    private static StoredAccount administrator(Json.Obj item) throws JsonException {
        item.allowOnly(Set.of("name", "password", "passwordHash"));
        if (item.has("password") == item.has("passwordHash")) {
            throw item.place().problem("must have either 'password' or 'passwordHash'");
        }
        String name = item.text("name");
        try {
            String verifier;
            if (item.has("passwordHash")) {
                verifier = item.text("passwordHash");
            } else {
                char[] password = item.text("password").toCharArray();
                Passwords.requireGood(name, password);
                verifier = Passwords.hash(password);
            }
            return new StoredAccount(name, Caller.Kind.PERSON, Role.ADMINISTRATOR, verifier);
        } catch (IllegalArgumentException e) {
            throw item.place().problem(e.getMessage());
        }
    }

    private static StoredAccount machine(Json.Obj item) throws JsonException {
        item.allowOnly(Set.of("name", "secretSha256", "role"));
        Role role = AccountFile.constant(Role.class, item.get("role"));
        try {
            return new StoredAccount(item.text("name"), Caller.Kind.MACHINE, role, item.text("secretSha256"));
        } catch (IllegalArgumentException e) {
            throw item.place().problem(e.getMessage());
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package edge.runtime.desired;

import edge.json.Json;
import edge.json.JsonException;
import edge.json.JsonParser;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** People see secrets masked, and send them back so: what is masked keeps the secret that it had. */
final class Unmasking {
    private final Checker checker;
    private final LastGood lastGood;

    Unmasking(Checker checker, LastGood lastGood) {
        this.checker = checker;
        this.lastGood = lastGood;
    }

    /**
     * Puts the old secrets where the text has only their mask.
     *
     * @param before what the file says now, if it can be read
     * @throws JsonException if there is no old secret
     */
    String unmasked(ConfigurationName name, String text, Optional<Json.Obj> before) throws JsonException {
        Json.Obj root;
        try {
            root = JsonParser.parse(text).asObject();
        } catch (JsonException e) {
            return text; // the check tells what is wrong with it
        }
        return SecretText.replace(text, root, secrets(name, root), (path, value) -> {
            if (!value.value().equals(SecretText.MASK)) {
                return value.value();
            }
            return oldSecret(name, path, before).orElseThrow(() -> value.place()
                .problem("is masked, and there is no old secret to keep: enter the secret"));
        });
    }

    private Set<String> secrets(ConfigurationName name, Json.Obj root) {
        return checker.definition(name).map(definition -> definition.attributes().values().stream()
            .filter(Attribute::isSecret).map(Attribute::id).collect(Collectors.toSet())).orElseGet(() -> root.members()
            .keySet().stream().filter(SecretText::soundsSecret).collect(Collectors.toSet()));
    }

    private Optional<String> oldSecret(ConfigurationName name, String path, Optional<Json.Obj> before) {
        if (before.isPresent()) {
            return Optional.ofNullable(SecretText.valueAt(before.get(), path));
        }
        String good = lastGood.text(name);
        try {
            return good == null ? Optional.empty()
                : Optional.ofNullable(SecretText.valueAt(JsonParser.parse(good).asObject(), path));
        } catch (JsonException e) {
            return Optional.empty();
        }
    }
}

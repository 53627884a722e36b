// SPDX-License-Identifier: Apache-2.0
package edge.runtime.desired;

import edge.json.Json;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a bundle says about the configurations of one PID.
 *
 * @param pid the PID or factory PID
 * @param factory whether there may be many
 * @param bundle the bundle's symbolic name
 * @param attributes by id
 * @param schema the JSON Schema for what Metatype cannot describe
 * @param schemaProblem why the schema cannot be used; empty if it can, or if there is none
 */
record Definition(String pid, boolean factory, String bundle, Map<String, Attribute> attributes,
                  Optional<Json.Obj> schema, String schemaProblem) {

    /** Attributes that are described by the schema alone. */
    Set<String> structured() {
        if (schema.isPresent() && schema.get().members().get("properties") instanceof Json.Obj properties) {
            return properties.members().keySet();
        }
        return Set.of();
    }

    Set<String> known() {
        Set<String> known = new TreeSet<>(attributes.keySet());
        known.addAll(structured());
        return known;
    }
}

// SPDX-License-Identifier: Apache-2.0
package edge.sbom;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Finds the SPDX expression for what people write into their POMs. */
final class Licences {
    private static final Pattern EXPRESSION = Pattern.compile("\\(?[A-Za-z0-9.+-]+( (OR|AND|WITH) [A-Za-z0-9.+-]+)*\\)?");
    private static final Map<String, String> NAMES = Map.of(
        "apache license, version 2.0", "Apache-2.0",
        "the apache license, version 2.0", "Apache-2.0",
        "the apache software license, version 2.0", "Apache-2.0",
        "apache software license, version 2.0", "Apache-2.0",
        "gnu lesser gpl, version 3", "LGPL-3.0-only",
        "eclipse public license - version 1.0", "EPL-1.0",
        "eclipse public license - version 2.0", "EPL-2.0",
        "eclipse public license v2.0", "EPL-2.0");

    private Licences() {
    }

    /** One expression for several licences, of which anybody may choose one. */
    static String expression(List<String> names) {
        List<String> ids = names.stream().map(Licences::id).toList();
        return ids.size() == 1 ? ids.get(0) : ids.stream().map(id -> id.contains(" ") && !id.startsWith("(") ? "(" + id + ")" : id)
            .collect(Collectors.joining(" OR "));
    }

    private static String id(String name) {
        String plain = name.strip().replaceAll("\\s+", " ");
        String known = NAMES.get(plain.toLowerCase(java.util.Locale.ROOT));
        if (known != null) {
            return known;
        }
        if (EXPRESSION.matcher(plain).matches()) {
            return plain.startsWith("(") && plain.endsWith(")") ? plain.substring(1, plain.length() - 1) : plain;
        }
        throw new IllegalArgumentException("the licence '" + plain + "' has no SPDX identifier in cnf/sbom: add it to Licences");
    }
}

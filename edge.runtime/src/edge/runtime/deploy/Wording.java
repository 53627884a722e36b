// SPDX-License-Identifier: Apache-2.0
package edge.runtime.deploy;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.osgi.framework.BundleException;

/** Says in plain words what the framework says in its own. */
final class Wording {
    private static final Pattern CHAIN = Pattern.compile("Uses constraint violation\\..*", Pattern.DOTALL);
    private static final int MAX_LENGTH = 600;

    private Wording() {
    }

    /** A sentence about what was thrown. */
    static String of(Throwable thrown) {
        if (thrown instanceof BundleException bundle) {
            return switch (bundle.getType()) {
                case BundleException.ACTIVATOR_ERROR -> "Its activator threw " + cause(bundle) + ".";
                case BundleException.RESOLVE_ERROR -> unresolved(bundle.getMessage());
                case BundleException.DUPLICATE_BUNDLE_ERROR -> "A bundle of that name and version is installed already.";
                case BundleException.MANIFEST_ERROR -> "Its manifest is wrong: " + shortened(bundle.getMessage()) + ".";
                default -> shortened(String.valueOf(bundle.getMessage())) + ".";
            };
        }
        return "It threw " + named(thrown) + ".";
    }

    private static String cause(BundleException e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        return named(cause);
    }

    private static String named(Throwable thrown) {
        String message = thrown.getMessage();
        return thrown.getClass().getSimpleName() + (message == null ? "" : ": " + shortened(message));
    }

    /** A sentence about what a resolver said. */
    static String unresolved(String message) {
        Matcher conflict = CHAIN.matcher(message);
        return conflict.find() ? "It would see the same package from two bundles: " + shortened(conflict.group())
            : "It cannot be resolved: " + shortened(message) + ".";
    }

    private static String shortened(String message) {
        String line = message.replaceAll("\\s+", " ").trim();
        line = line.endsWith(".") ? line.substring(0, line.length() - 1) : line;
        return line.length() > MAX_LENGTH ? line.substring(0, MAX_LENGTH) + "…" : line;
    }
}

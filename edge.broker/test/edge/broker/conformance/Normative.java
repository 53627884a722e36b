// SPDX-License-Identifier: Apache-2.0
package edge.broker.conformance;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The normative statements of MQTT 3.1.1 that a test proves, by their numbers in the standard's appendix B without the
 * {@code MQTT-} before them. docs/reference/mqtt-conformance.md has a row for each; {@link NormativeTableTest} compares.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Normative {
    String[] value();
}

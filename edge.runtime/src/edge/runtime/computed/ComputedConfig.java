// SPDX-License-Identifier: Apache-2.0
package edge.runtime.computed;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * The scalar attributes of a device whose tags are computed. The list {@code tags} is described by
 * {@code schema/edge.computed.schema.json} and read by {@link ComputedTags}.
 */
@ObjectClassDefinition(name = "Computed device",
    description = "A device whose tags are computed from tags of other devices. Its tags are in the list 'tags'.")
@interface ComputedConfig {
    /** The PID, which is also the component's name. */
    String PID = "edge.computed";

    @AttributeDefinition(name = "Description", description = "One line for people.", required = false)
    String description() default "";
}

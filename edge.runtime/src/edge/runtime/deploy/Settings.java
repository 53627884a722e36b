// SPDX-License-Identifier: Apache-2.0
package edge.runtime.deploy;

import java.time.Duration;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** How deployments are judged. */
@ObjectClassDefinition(name = "Deployments",
    description = "How long a change of bundles or configurations is watched before it is kept, and what it may cost.")
@interface Settings {

    @AttributeDefinition(name = "Probation", description = "Seconds for which a change is watched before it is kept. 0 keeps it"
        + " as soon as it runs.", min = "0", max = "3600")
    int probation() default 15;

    @AttributeDefinition(name = "Confirmation", description = "Seconds within which a change of an uplink, the broker or the"
        + " console has to be confirmed if it does not say so itself; else it is undone. 0: it has not to be.", min = "0",
        max = "86400")
    int confirmation() default 120;

    @AttributeDefinition(name = "More threads", description = "How many more threads there may be during the probation.",
        min = "1", max = "10000")
    int moreThreads() default 50;

    @AttributeDefinition(name = "More handles",
        description = "How many more files and sockets may be open during the probation.", min = "1", max = "100000")
    int moreHandles() default 100;

    @AttributeDefinition(name = "Errors", description = "How many errors may be logged during the probation.", min = "0",
        max = "2000")
    int errors() default 20;

    /** These settings with the types that are worked with. */
    record Values(Duration probation, Duration confirmation, Probation.Limits limits) {
        static Values of(Settings settings) {
            return new Values(Duration.ofSeconds(settings.probation()), Duration.ofSeconds(settings.confirmation()),
                new Probation.Limits(settings.moreThreads(), settings.moreHandles(), settings.errors()));
        }
    }
}

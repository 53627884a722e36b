// SPDX-License-Identifier: Apache-2.0
package edge.cloudconnector.core;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/** How one uplink delivers, whatever its target is. */
@ObjectClassDefinition(name = "Delivery by an uplink",
    description = "Rates, budgets, connection windows and dead letters. The name behind the ~ is that of the uplink, whatever"
        + " kind of target it has; without this file the defaults hold.")
@interface DeliveryConfig {

    @AttributeDefinition(name = "Messages per second", description = "Most messages a second in all lanes; 0 for no limit.",
        min = "0", max = "1000000")
    int messagesPerSecond() default 0;

    @AttributeDefinition(name = "Burst", description = "Messages that may be sent at once after a quiet time.", min = "1",
        max = "1000000")
    int burst() default 100;

    @AttributeDefinition(name = "Backlog records per second",
        description = "Most records a second of the backlog, which follows beside current values; 0 for as fast as the target"
            + " takes it without letting current values wait.", min = "0", max = "1000000")
    int backlogRecordsPerSecond() default 0;

    @AttributeDefinition(name = "Backlog bytes per second", description = "Most bytes a second of the backlog; 0 for no"
        + " limit.", min = "0", max = "1000000000")
    int backlogBytesPerSecond() default 0;

    @AttributeDefinition(name = "Kilobytes per day",
        description = "Most that is sent in a day of UTC: payloads and about what their headers add; 0 for no limit. The"
            + " backlog leaves what current values are expected to need; when all is spent, everything waits for the next day.",
        min = "0", max = "2000000000")
    int dailyKilobytes() default 0;

    @AttributeDefinition(name = "Connection windows", required = false,
        description = "When the uplink may be connected, for example '0 2 * * * for 90m': five fields of cron for the begin,"
            + " and how long. Without any, always.")
    String[] windows() default {};

    @AttributeDefinition(name = "Time zone", description = "In which the windows begin, for example Europe/Berlin.")
    String timeZone() default "UTC";

    @AttributeDefinition(name = "Priorities", required = false,
        description = "Streams that go first, the most urgent first: at most 16 patterns such as ingest/alarms or device/*; all"
            + " others come after them. It counts within current values and within the backlog, over the next 8192 records of"
            + " each; one record of eight is the oldest, so that nobody waits for ever.")
    String[] priorities() default {};

    @AttributeDefinition(name = "Records per message",
        description = "Up to so many records of one stream that wait together go out as one message, a list.", min = "1",
        max = "1000")
    int recordsPerMessage() default 1;

    @AttributeDefinition(name = "Compression", description = "Compresses payloads of more than 200 bytes.",
        options = {@Option(label = "None", value = "none"), @Option(label = "gzip", value = "gzip")})
    String compression() default "none";

    @AttributeDefinition(name = "Rejections",
        description = "A record that the target does not take is tried so often, alone, and is then put aside as a dead"
            + " letter.", min = "1", max = "1000")
    int rejections() default 5;

    @AttributeDefinition(name = "Dead letters", description = "Most dead letters; at that number a record that is not taken"
        + " stops its lane until some are replayed or deleted.", min = "0", max = "10000")
    int deadLetters() default 1000;

    @AttributeDefinition(name = "Probe interval (s)",
        description = "If the target can be probed, how often it is after the probe at the beginning; 0 for only then.",
        min = "0", max = "86400")
    int probeSeconds() default 60;

    @AttributeDefinition(name = "Breaker failures",
        description = "After so many attempts in a row that were refused, or that connected and delivered nothing, the next"
            + " ones are far apart and begin with a single message.", min = "1", max = "1000")
    int breakerFailures() default 10;

    @AttributeDefinition(name = "Breaker minutes", description = "How far apart these are.", min = "1", max = "1440")
    int breakerMinutes() default 5;
}

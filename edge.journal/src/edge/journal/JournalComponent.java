// SPDX-License-Identifier: Apache-2.0
package edge.journal;

import edge.api.config.Configurations;
import edge.api.gateway.ClockCorrection;
import edge.api.gateway.Gateway;
import edge.api.gateway.GatewayClock;
import edge.api.health.Events;
import edge.api.health.HealthCheck;
import edge.api.health.HealthReport;
import edge.api.journal.Cursor;
import edge.api.journal.History;
import edge.api.journal.HistoryQuery;
import edge.api.journal.Journal;
import edge.api.journal.JournalException;
import edge.api.journal.JournalRecord;
import edge.api.journal.JournalStatus;
import edge.api.journal.Lanes;
import edge.api.journal.LedgerEntry;
import edge.api.journal.StreamSelection;
import edge.api.message.Message;
import edge.api.message.RecordKey;
import edge.api.message.StreamId;
import edge.journal.disk.DiskStorage;
import edge.json.JsonException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/**
 * The gateway's journal. It is there whatever its disk is like: if it cannot write, appends fail and say why, and the health
 * is critical.
 */
@Component(name = JournalComponent.PID, immediate = true, service = {Journal.class, HealthCheck.class},
    configurationPolicy = ConfigurationPolicy.OPTIONAL)
@Designate(ocd = JournalComponent.Config.class)
public final class JournalComponent implements Journal, HealthCheck {

    static final String PID = "edge.journal";
    static final String SUBJECT = "journal";

    @ObjectClassDefinition(name = "Journal", description = "Keeps every record on disk until all uplinks have delivered it.")
    @interface Config {

        @AttributeDefinition(name = "Directory",
            description = "Where the journal lies; a relative path is below the gateway's data directory.")
        String directory() default "journal";

        @AttributeDefinition(name = "Quota (MB)", min = "4", max = "1048576",
            description = "Most that the journal may take on disk; at least four segments. Delivered records are kept as history"
                + " until it is reached.")
        int quotaMegabytes() default 1024;

        @AttributeDefinition(name = "Segment size (MB)", min = "1", max = "" + Positions.MAX_SEGMENT_MEGABYTES,
            description = "The journal is deleted in pieces of this size.")
        int segmentMegabytes() default 16;

        // Each, because it is both the safest and the quickest to acknowledge: a quiet journal answers after one sync, a busy
        // one syncs without a pause, each time for all that came in meanwhile. An interval would hold every publisher back
        // for its length, and spares the disk only when more records come than there are intervals.
        @AttributeDefinition(name = "Sync", description = "When a record counts as safe. each: synced to the device at once,"
            + " together with all that waits. interval: synced at the latest after the interval; spares flash memory."
            + " os: left to the operating system; a power cut may lose acknowledged records, and is then reported by a new"
            + " epoch.",
            options = {@Option(label = "Each", value = "each"), @Option(label = "Interval", value = "interval"),
                @Option(label = "Operating system", value = "os")})
        String sync() default "each";

        @AttributeDefinition(name = "Sync interval (ms)", min = "1", max = "60000",
            description = "With sync = interval: longest time that a record waits for its sync.")
        int syncInterval() default 10;

        @AttributeDefinition(name = "When full", description = "What happens at the quota to records that an uplink has not yet"
            + " delivered. refuse: they stay, and new ones are refused. drop: the oldest go, and the ledger tells which. thin: the"
            + " oldest scans are reduced to min, max and mean, everything else goes.",
            options = {@Option(label = "Refuse", value = "refuse"), @Option(label = "Drop the oldest", value = "drop"),
                @Option(label = "Thin", value = "thin")})
        String whenFull() default "refuse";

        @AttributeDefinition(name = "Greatest age (hours)", min = "0", max = "" + JournalText.MOST_HOURS,
            description = "Records that are older go, delivered or not; 0 keeps them until the quota needs their room. Only times"
                + " of a synchronised clock count.")
        int maxAgeHours() default 0;

        @AttributeDefinition(name = "Resolution (s)", min = "1", max = "" + JournalText.MOST_SECONDS,
            description = "With thin: what one summary covers.")
        int resolutionSeconds() default 60;
    }

    private final SegmentedJournal journal;

    @Activate
    public JournalComponent(@Reference Gateway gateway, @Reference GatewayClock clock, Config config,
                            Map<String, Object> properties) {
        Path directory = gateway.data().resolve(config.directory());
        SyncPolicy sync = JournalConfigurationCheck.policy(config.sync())
            .orElseThrow(() -> new IllegalArgumentException("sync must be each, interval or os, not " + config.sync()));
        Settings settings = Settings.of(config.segmentMegabytes(), config.quotaMegabytes(), sync,
            Duration.ofMillis(config.syncInterval())).with(rules(properties));
        journal = new SegmentedJournal(new DiskStorage(directory, SegmentedJournal.FOLDERS), settings, gateway.id(), clock,
            new Monitor(this::tell));
        journal.start();
    }

    /** The component's text says the same as its configuration, and the rules for single streams. */
    private static StreamRules rules(Map<String, Object> properties) {
        try {
            return JournalText.rules(properties.get(Configurations.TEXT_PROPERTY) instanceof String text ? text : "{}");
        } catch (JsonException e) {
            throw new IllegalArgumentException(PID + ": " + e.getMessage(), e);
        }
    }

    private volatile Events events;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC,
        policyOption = ReferencePolicyOption.GREEDY)
    void setEvents(Events newEvents) {
        events = newEvents;
    }

    void unsetEvents(Events oldEvents) {
        if (events == oldEvents) {
            events = null;
        }
    }

    private void tell(HealthReport.Status status, String text) {
        Events now = events;
        if (now != null) {
            now.add(status, SUBJECT, text);
        }
    }

    @Deactivate
    void stop() {
        journal.close();
    }

    @Override
    public CompletionStage<RecordKey> append(StreamId stream, Message message) {
        return journal.append(stream, message);
    }

    @Override
    public Cursor open(String name, StreamSelection selection) throws JournalException {
        return journal.open(name, selection);
    }

    @Override
    public Lanes openLanes(String name, StreamSelection selection) throws JournalException {
        return journal.openLanes(name, selection);
    }

    @Override
    public boolean remove(String name) throws JournalException {
        return journal.remove(name);
    }

    @Override
    public History history(HistoryQuery query) throws JournalException {
        return journal.history(query);
    }

    @Override
    public CompletionStage<RecordKey> tell(LedgerEntry entry) {
        return journal.tell(entry);
    }

    @Override
    public CompletionStage<Void> correct(ClockCorrection correction) {
        return journal.correct(correction);
    }

    @Override
    public List<ClockCorrection> corrections() {
        return journal.corrections();
    }

    @Override
    public long end() throws JournalException {
        return journal.end();
    }

    @Override
    public List<JournalRecord> fetch(List<Long> positions) throws JournalException {
        return journal.fetch(positions);
    }

    @Override
    public JournalStatus status() {
        return journal.status();
    }

    @Override
    public String subject() {
        return SUBJECT;
    }

    @Override
    public HealthReport check() {
        return journal.health();
    }
}

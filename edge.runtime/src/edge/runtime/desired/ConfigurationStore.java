// SPDX-License-Identifier: Apache-2.0
package edge.runtime.desired;

import edge.api.access.AuditLog;
import edge.api.access.Caller;
import edge.api.config.ConfigurationFile;
import edge.api.config.ConfigurationFile.Status;
import edge.api.config.Problem;
import edge.api.health.Events;
import edge.api.health.HealthReport;
import edge.json.Json;
import edge.json.JsonException;
import edge.runtime.base.DataDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The configuration files and what became of each. All methods but {@link #known()} are called on one thread.
 */
final class ConfigurationStore {
    private static final Logger LOG = LoggerFactory.getLogger(ConfigurationStore.class);
    private static final Caller BY_HAND = Caller.system("etc folder");
    private static final String CHANGE = "change a configuration";
    private static final String DELETE = "delete a configuration";
    /** A text counts as good when it has been in force this long: its bundle's own check may come up after it. */
    private static final Duration PROVEN = Duration.ofSeconds(10);
    private static final int MAX_LOGGED = 5;
    private static final int MAX_CHARS = 4 << 20;

    private final ConfigurationFolder folder;
    private final Duration unfinished;
    private final LastGood lastGood;
    private final Checker checker;
    private final Delivery delivery;
    private final AuditLog audit;
    private final Events events;
    private final Unmasking unmasking;
    // written by the one thread, the map is never changed
    private volatile Map<String, Known> known = Map.of();
    // written by the one thread
    private volatile long edits;
    private boolean unreadableTold;

    /**
     * One file.
     *
     * @param disk its text on disk
     * @param since when it got this status
     */
    record Known(ConfigurationName name, String disk, Checked checked, Instant changed, Instant since) {
        ConfigurationFile shown() {
            return new ConfigurationFile(name.pid(), checked.status(), checked.problems(), changed, etag(disk));
        }
    }

    /** @param unfinished how long a text that breaks off may take to be completed before it is called wrong */
    ConfigurationStore(ConfigurationFolder folder, Duration unfinished, LastGood lastGood, Checker checker, Delivery delivery,
                       AuditLog audit, Events events) {
        this.folder = folder;
        this.unfinished = unfinished;
        this.lastGood = lastGood;
        this.checker = checker;
        this.delivery = delivery;
        this.audit = audit;
        this.events = events;
        this.unmasking = new Unmasking(checker, lastGood);
    }

    /** Any thread. */
    Map<String, Known> known() {
        return known;
    }

    /** How many changes by hand there were that are not refused. Any thread. */
    long edits() {
        return edits;
    }

    private void countEdit(Caller caller) {
        if (caller == BY_HAND) {
            edits = edits + 1;
        }
    }

    /** Takes over what has changed in the folder. */
    void look() {
        try {
            for (String file : folder.changes()) {
                take(file);
            }
            unreadableTold = false;
        } catch (IOException e) {
            if (!unreadableTold) {
                LOG.error("The configurations in {} cannot be read: {}. What is in force stays in force.", folder.path(),
                    DataDirectory.reason(e));
            }
            unreadableTold = true;
        }
        for (Known file : known.values()) {
            if (file.checked().status() == Status.APPLIED && file.since().plus(PROVEN).isBefore(Instant.now())) {
                lastGood.keep(file.name(), file.checked().text());
            }
        }
    }

    /** After the first look: ends what was configured by files that were deleted while the gateway was off. */
    void forgetDeleted() {
        Set<String> pids = known.keySet();
        for (ConfigurationName name : lastGood.names()) {
            if (!pids.contains(name.pid())) {
                lastGood.forget(name);
            }
        }
        try {
            delivery.removeOthers();
        } catch (IOException e) {
            LOG.warn("Configurations of an earlier run cannot be removed: {}", DataDirectory.reason(e));
        }
    }

    /**
     * Judges files anew whose bundle came, went or changed.
     *
     * @param checksChanged PIDs whose own checks came or went
     */
    void recheck(Set<String> checksChanged) {
        Map<String, Optional<Definition>> definitions = new TreeMap<>();
        for (Known file : List.copyOf(known.values())) {
            Definition now = definitions.computeIfAbsent(file.name().basePid(), unused -> checker.definition(file.name()))
                .orElse(null);
            if (now != file.checked().definition().orElse(null) || checksChanged.contains(file.name().basePid())) {
                take(file.name().fileName());
            }
        }
    }

    private void take(String file) {
        Optional<ConfigurationName> name = ConfigurationName.ofFile(file);
        if (name.isEmpty()) {
            badName(file);
            return;
        }
        try {
            Optional<String> text = folder.read(file);
            if (text.isPresent()) {
                judge(name.get(), text.get(), folder.changed(file));
            } else {
                gone(name.get(), BY_HAND);
            }
        } catch (IOException e) {
            Checked unreadable = Checked.unreadable(Problems.ofFile(DataDirectory.reason(e)));
            refuse(name.get(), "", unreadable, folder.changed(file));
        }
    }

    private void badName(String file) {
        if (!file.endsWith(ConfigurationName.SUFFIX)) {
            LOG.warn("{} is not read: a configuration's name ends in {}", folder.path().resolve(file),
                ConfigurationName.SUFFIX);
            return;
        }
        String stem = file.substring(0, file.length() - ConfigurationName.SUFFIX.length());
        if (!Files.exists(folder.path().resolve(file))) {
            remember(stem, null);
            return;
        }
        refuse(new ConfigurationName(stem, ""), "", Checked.unreadable(Problems.ofFile("the file's name must be PID"
            + ConfigurationName.SUFFIX + " or PID~NAME" + ConfigurationName.SUFFIX
            + " with letters, digits, '_', '.' and '-' only")), folder.changed(file));
    }

    private void judge(ConfigurationName name, String text, Instant changed) {
        Checked checked = checker.check(name, text);
        if (checked.root().isEmpty() && changed.isAfter(Instant.now().minus(unfinished))
            && !changed.isAfter(Instant.now())) {
            folder.lookAgain(name.fileName());
            return;
        }
        accept(name, text, checked, changed, BY_HAND);
    }

    private void accept(ConfigurationName name, String text, Checked checked, Instant changed, Caller caller) {
        String disk = writeBack(name, text, checked);
        switch (checked.status()) {
            case APPLIED -> apply(name, disk, checked, changed, caller);
            case WAITING -> await(name, disk, checked, changed, caller);
            case REFUSED -> refuse(name, disk, checked, changed);
            default -> throw new IllegalStateException("unknown status " + checked.status());
        }
    }

    /** Replaces clear secrets in the file by their encrypted form. */
    private String writeBack(ConfigurationName name, String text, Checked checked) {
        if (checked.root().isEmpty() || checked.text().equals(text)) {
            return text;
        }
        try {
            folder.write(name.fileName(), checked.text());
            LOG.info("The secrets in {} are now encrypted", name.fileName());
            return checked.text();
        } catch (IOException e) {
            LOG.error("The secrets in {} stay in clear: the file cannot be written: {}", name.fileName(),
                DataDirectory.reason(e));
            return text;
        }
    }

    private void apply(ConfigurationName name, String disk, Checked checked, Instant changed, Caller caller) {
        Known before = known.get(name.pid());
        try {
            if (delivery.deliver(name, checked.properties())) {
                LOG.info("The configuration {} is in force", name.pid());
            }
        } catch (IOException e) {
            refuse(name, disk, new Checked(checked.text(), checked.root(), checked.definition(), Status.REFUSED,
                List.of(Problems.ofFile("cannot be put in force: " + DataDirectory.reason(e))), checked.secrets(), Map.of(),
                false), changed);
            return;
        }
        if (before != null && before.checked().isRefused()) {
            events.add(HealthReport.Status.OK, subject(name), "The configuration is right again and in force.");
        }
        note(name, disk, before, caller);
        remember(name.pid(), new Known(name, disk, checked, changed, Instant.now()));
    }

    /** Puts a change on record: a file that is only read again after a start is none. */
    private void note(ConfigurationName name, String disk, Known before, Caller caller) {
        String old = before == null ? lastGood.text(name) : before.disk();
        if (caller != BY_HAND || !disk.equals(old)) {
            audit.record(caller, CHANGE, name.pid(), "done");
            countEdit(caller);
        }
    }

    private void await(ConfigurationName name, String disk, Checked checked, Instant changed, Caller caller) {
        if (delivery.isInForce(name) && !checked.text().equals(delivery.textInForce(name))) {
            remove(name);
        }
        Known before = known.get(name.pid());
        if (before == null || before.checked().status() != Status.WAITING) {
            LOG.info("The configuration {} waits: no installed bundle knows {}", name.pid(), name.basePid());
        }
        note(name, disk, before, caller);
        remember(name.pid(), new Known(name, disk, checked, changed, Instant.now()));
    }

    private void refuse(ConfigurationName name, String disk, Checked checked, Instant changed) {
        boolean sameText = checked.root().isPresent() && checked.text().equals(delivery.textInForce(name));
        if (!delivery.isInForce(name) || sameText && !checked.undecided()) {
            fallBack(name, checked.text());
        }
        Known before = known.get(name.pid());
        if (before == null || !before.checked().problems().equals(checked.problems())) {
            tell(name, checked.problems());
        }
        remember(name.pid(), new Known(name, disk, checked, changed, Instant.now()));
    }

    /** Puts the last good text in force instead of a refused one. */
    private void fallBack(ConfigurationName name, String refused) {
        String text = lastGood.text(name);
        if (text != null && !text.equals(refused)) {
            Checked checked = checker.check(name, text);
            if (checked.status() == Status.APPLIED) {
                try {
                    delivery.deliver(name, checked.properties());
                    return;
                } catch (IOException e) {
                    LOG.error("The last good configuration {} cannot be put in force: {}", name.pid(),
                        DataDirectory.reason(e));
                }
            }
        }
        remove(name);
    }

    private void tell(ConfigurationName name, List<Problem> problems) {
        String stays = delivery.isInForce(name) ? "the last good state stays in force" : "nothing is in force for it";
        String first = problems.stream().limit(MAX_LOGGED).map(Problem::toString).collect(Collectors.joining(" | "));
        LOG.error("{} is refused, {}: {}{}", folder.path().resolve(name.fileName()), stays, first,
            problems.size() > MAX_LOGGED ? " | and " + (problems.size() - MAX_LOGGED) + " more" : "");
        events.add(HealthReport.Status.WARN, subject(name), name.fileName() + " is refused, " + stays + ": " + problems.get(0)
            + (problems.size() > 1 ? " (and " + (problems.size() - 1) + " more)" : ""));
    }

    private void gone(ConfigurationName name, Caller caller) {
        remove(name);
        lastGood.forget(name);
        if (known.containsKey(name.pid())) {
            LOG.info("The configuration {} is deleted", name.pid());
            audit.record(caller, DELETE, name.pid(), "done");
            countEdit(caller);
            remember(name.pid(), null);
        }
    }

    private void remove(ConfigurationName name) {
        try {
            delivery.remove(name);
        } catch (IOException e) {
            LOG.error("The configuration {} cannot be ended: {}", name.pid(), DataDirectory.reason(e));
        }
    }

    private void remember(String pid, Known file) {
        Map<String, Known> changed = new TreeMap<>(known);
        if (file == null) {
            changed.remove(pid);
        } else {
            changed.put(pid, file);
        }
        known = changed;
    }

    /** The problems of a text, as a change would find them. */
    Checked check(ConfigurationName name, String text) {
        if (text.length() > MAX_CHARS) {
            return Checked.unreadable(Problems.ofFile("the text is longer than " + MAX_CHARS + " characters"));
        }
        try {
            Optional<Json.Obj> before = Optional.ofNullable(known.get(name.pid())).flatMap(file -> file.checked().root());
            return checker.check(name, unmasking.unmasked(name, text, before));
        } catch (JsonException e) {
            return Checked.unreadable(Problems.of(e));
        }
    }

    /** Replaces a file by a text as it is on disk, whatever the checks say about it. */
    void replace(ConfigurationName name, String disk, Caller caller) throws IOException {
        folder.write(name.fileName(), disk);
        accept(name, disk, checker.check(name, disk), folder.changed(name.fileName()), caller);
    }

    /** A text of a file as it may be shown. */
    String masked(ConfigurationName name, String disk) {
        return checker.check(name, disk).masked();
    }

    boolean delete(ConfigurationName name, Caller caller) throws IOException {
        boolean existed = folder.delete(name.fileName());
        if (existed) {
            gone(name, caller);
        }
        return existed;
    }

    private static String subject(ConfigurationName name) {
        return "configuration " + name.pid();
    }

    static String etag(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 12);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-256", e);
        }
    }
}

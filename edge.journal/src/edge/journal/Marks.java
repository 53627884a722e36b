// SPDX-License-Identifier: Apache-2.0
package edge.journal;

import edge.journal.disk.Reasons;
import edge.journal.disk.Storage;
import edge.journal.disk.Storage.ReadFile;
import edge.journal.disk.Storage.WriteFile;
import edge.journal.disk.StorageFullException;
import edge.journal.format.Codes;
import edge.journal.format.DamagedException;
import edge.journal.format.Input;
import edge.journal.format.Output;
import edge.api.message.StreamId;
import java.io.IOException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The places of all readers, and the floors of the streams, as they are on disk: one file with two slots that are written in
 * turn and in place. So keeping them costs one write and one sync without any change to the file system, and a write that is
 * torn leaves the other slot. Any thread reads; one thread writes.
 *
 * <pre>
 * file = slot slot                      both of the same size, a multiple of 4096
 * slot = "EDGEMRK\n"  version u16  0 u16  length u32  generation u64  CRC32C of all of it u32  content
 * </pre>
 */
final class Marks {

    private static final Logger LOG = LoggerFactory.getLogger(Marks.class);
    static final String NAME = "marks";
    private static final String TEMPORARY = "marks.new";
    private static final long MAGIC = 0x4544_4745_4D52_4B0AL;
    private static final int VERSION = 1;
    private static final int HEAD = 28;
    private static final int PAGE = 4096;
    private static final int LARGEST = 16 * 1024 * 1024;
    private static final int MOST_FAILURES = 5;

    private final Storage storage;
    private final Reserve reserve;
    private final Map<String, Place> places = new ConcurrentHashMap<>();
    private final Map<StreamId, Long> floors = new ConcurrentHashMap<>();
    private int failures;
    private boolean lost;
    // Guarded by this.
    private WriteFile file;
    private int slot;
    private long generation;

    Marks(Storage storage, Reserve reserve) {
        this.storage = storage;
        this.reserve = reserve;
    }

    // ------------------------------------------------------------------------------------------------- reading

    /** Reads all of them. If they are damaged, readers begin again at the oldest record: nothing is lost, some is sent again. */
    synchronized void load() throws IOException {
        close();
        places.clear();
        floors.clear();
        lost = false;
        slot = 0;
        generation = 0;
        if (!storage.list("").contains(NAME)) {
            lost = true;
            return;
        }
        byte[] bytes = patientlyRead();
        byte[] newest = null;
        int size = bytes.length / 2;
        for (int at = 0; size >= HEAD && at <= size; at += size) {
            long found = generation(bytes, at, size);
            if (found > generation) {
                generation = found;
                newest = java.util.Arrays.copyOfRange(bytes, at, at + size);
            }
        }
        if (newest == null || size % PAGE != 0 || !take(newest)) {
            LOG.error("The marks of the cursors in {} are damaged; readers begin again at the oldest record, and receivers drop"
                + " what they have already", storage.place());
            storage.rename(NAME, Quarantine.FOLDER + "/" + NAME);
            places.clear();
            floors.clear();
            lost = true;
            return;
        }
        slot = size;
    }

    /** Whether there may be readers that it does not know of, because its file was not there or damaged. */
    boolean isLost() {
        return lost;
    }

    /** A file that cannot be read at last counts as damaged. */
    private byte[] patientlyRead() throws IOException {
        try (ReadFile in = storage.read(NAME)) {
            byte[] bytes = new byte[(int) Math.min(in.size(), 2 * LARGEST)];
            int count = in.read(0, bytes, 0, bytes.length);
            failures = 0;
            return java.util.Arrays.copyOf(bytes, count);
        } catch (IOException e) {
            if (++failures < MOST_FAILURES) {
                throw e;
            }
            LOG.error("{} cannot be read: {}", NAME, Reasons.of(e));
            return new byte[0];
        }
    }

    /** The generation of a sound slot, else 0. */
    private static long generation(byte[] bytes, int at, int size) {
        Input in = new Input(bytes, at, at + HEAD);
        try {
            boolean ours = in.getLong() == MAGIC && in.getInt() == VERSION << 16;
            int length = in.getInt();
            long found = in.getLong();
            if (!ours || length < 0 || length > size - HEAD) {
                return 0;
            }
            return in.getInt() == crc(bytes, at, length) ? found : 0;
        } catch (DamagedException e) {
            return 0;
        }
    }

    private static int crc(byte[] bytes, int at, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, at, HEAD - 4);
        crc.update(bytes, at + HEAD, length);
        return (int) crc.getValue();
    }

    private boolean take(byte[] bytes) {
        Input in = new Input(bytes, 12, bytes.length);
        try {
            int length = in.getInt();
            in.set(bytes, HEAD, HEAD + length);
            for (int count = in.getVarInt(); count > 0; count--) {
                String name = in.getText();
                places.put(name, Place.read(in));
            }
            for (int count = in.getVarInt(); count > 0; count--) {
                floors.put(Codes.stream(in), in.getVar());
            }
            return true;
        } catch (DamagedException e) {
            return false;
        }
    }

    // ------------------------------------------------------------------------------------------------- writing

    /** The place on disk of a reader, unless there is none. */
    Optional<Place> get(String name) {
        return Optional.ofNullable(places.get(name));
    }

    Map<String, Place> all() {
        return Map.copyOf(places);
    }

    /** Below this position the stream's records are dropped. */
    long floor(StreamId stream) {
        return floors.isEmpty() ? 0 : floors.getOrDefault(stream, 0L);
    }

    /** Makes the file of a new journal: where it is missing later, it is lost. */
    synchronized void begin() {
        try {
            keep(Map.of(), Map.of());
        } catch (IOException e) {
            LOG.info("{} is made when the first reader comes: {}", NAME, Reasons.of(e));
        }
    }

    /** Keeps these places, and all others as they are. */
    synchronized void store(Map<String, Place> changed) throws IOException {
        Map<String, Place> wanted = new HashMap<>(places);
        wanted.putAll(changed);
        if (!wanted.equals(places)) {
            keep(wanted, floors);
            places.putAll(changed);
        }
    }

    synchronized boolean remove(String name) throws IOException {
        if (!places.containsKey(name)) {
            return false;
        }
        Map<String, Place> wanted = new HashMap<>(places);
        wanted.remove(name);
        keep(wanted, floors);
        places.remove(name);
        return true;
    }

    /** Raises the floors of streams. */
    synchronized void raise(Map<StreamId, Long> higher) throws IOException {
        Map<StreamId, Long> wanted = new HashMap<>(floors);
        wanted.putAll(higher);
        keep(places, wanted);
        floors.putAll(higher);
    }

    private void keep(Map<String, Place> wanted, Map<StreamId, Long> wantedFloors) throws IOException {
        Output content = new Output(256);
        content.putVar(wanted.size());
        wanted.forEach((name, place) -> place.write(content.putText(name)));
        content.putVar(wantedFloors.size());
        wantedFloors.forEach((stream, floor) -> {
            Codes.put(content, stream);
            content.putVar(floor);
        });
        try {
            write(content);
        } catch (StorageFullException e) {
            close();
            if (!reserve.giveUp()) {
                throw e;
            }
            write(content);
        } catch (IOException e) {
            // Nobody knows what a failed sync left of it: the next attempt writes a new file.
            close();
            slot = 0;
            throw e;
        }
    }

    private void write(Output content) throws IOException {
        int need = HEAD + content.size();
        if (need > slot) {
            renew(content, Math.max(PAGE, (need + PAGE - 1) / PAGE * PAGE * (slot == 0 ? 1 : 2)));
            return;
        }
        if (file == null) {
            file = storage.reopen(NAME);
        }
        byte[] bytes = slotBytes(content, generation + 1);
        file.write((generation + 1) % 2 * slot, bytes, 0, bytes.length);
        file.sync();
        generation++;
    }

    /** A new file in the place of the old one, in one step. */
    private void renew(Output content, int size) throws IOException {
        close();
        byte[] both = new byte[2 * size];
        byte[] bytes = slotBytes(content, generation + 1);
        System.arraycopy(bytes, 0, both, (int) ((generation + 1) % 2) * size, bytes.length);
        try (WriteFile fresh = storage.create(TEMPORARY)) {
            fresh.write(0, both, 0, both.length);
            fresh.sync();
        }
        storage.rename(TEMPORARY, NAME);
        storage.syncFolder("");
        generation++;
        slot = size;
    }

    private static byte[] slotBytes(Output content, long number) {
        Output out = new Output(HEAD + content.size());
        out.putLong(MAGIC).putInt(VERSION << 16).putInt(content.size()).putLong(number).putInt(0);
        out.putBytes(content.array(), 0, content.size());
        Output crc = new Output(4).putInt(crc(out.array(), 0, content.size()));
        System.arraycopy(crc.array(), 0, out.array(), HEAD - 4, 4);
        return java.util.Arrays.copyOf(out.array(), out.size());
    }

    synchronized void close() {
        if (file != null) {
            try {
                file.close();
            } catch (IOException e) {
                LOG.debug("{} could not be closed", NAME, e);
            }
            file = null;
        }
    }

    // ----------------------------------------------------------------------------------------------- questions

    /** The reader that is farthest behind. */
    Optional<Map.Entry<String, Place>> slowest() {
        return places.entrySet().stream().min(Comparator.comparingLong(entry -> entry.getValue().mark()));
    }

    /** Whether any reader still has something to do from one position to the other. */
    boolean isPending(long from, long to) {
        for (Place place : places.values()) {
            if (place.isPending(from, to)) {
                return true;
            }
        }
        return false;
    }

    /** The greatest of all marks. */
    long highest() {
        return places.values().stream().mapToLong(Place::highest).max().orElse(0);
    }
}

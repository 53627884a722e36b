// SPDX-License-Identifier: Apache-2.0
package edge.journal;

import edge.journal.disk.Storage;
import edge.journal.disk.StorageFullException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A disk in memory that writes down every call, fails where a test wants it to, and can be cut off after any call: then
 * whatever was not synced is gone, there, torn or reordered, as a disk may do it.
 */
final class MemoryStorage implements Storage {

    enum Call {
        CREATE, REOPEN, WRITE, SYNC, SYNC_FOLDER, RENAME, DELETE, TRUNCATE, READ, LIST, NOTE
    }

    /** Decides whether a call fails. */
    interface Fault {
        /** @param number of the call, from 0 */
        IOException of(int number, Call call, String name);
    }

    static final Fault NONE = (number, call, name) -> null;

    /** One call that changes something; a note is what a test wrote down in between. */
    private record Step(Call call, String name, byte[] bytes, String target, int file, long position) {
        Step(Call call, String name, byte[] bytes, String target, int file) {
            this(call, name, bytes, target, file, 0);
        }
    }

    /** The bytes of a file. */
    private static final class Content {
        private byte[] bytes = new byte[1024];
        private int length;

        Content(byte[] content) {
            write(0, content, 0, content.length);
        }

        void write(long position, byte[] from, int offset, int count) {
            int at = (int) position;
            if (bytes.length < at + count) {
                bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, at + count));
            }
            System.arraycopy(from, offset, bytes, at, count);
            length = Math.max(length, at + count);
        }

        void length(int newLength) {
            bytes = Arrays.copyOf(bytes, Math.max(1024, newLength));
            length = newLength;
        }

        byte[] all() {
            return Arrays.copyOf(bytes, length);
        }
    }

    private static final int SECTOR = 512;

    private final Map<String, Integer> names = new LinkedHashMap<>();
    private final List<Content> files = new ArrayList<>();
    private final List<Step> steps = new ArrayList<>();
    private Fault fault = NONE;
    private volatile Consumer<String> beforeSync = name -> { };
    private long capacity = Long.MAX_VALUE / 4;
    private boolean forgetful;
    private String badFile = "";
    private long badOffset;
    private int calls;
    private long bytesRead;

    synchronized void fault(Fault newFault) {
        fault = newFault;
    }

    /** Is given the file's name before each sync, and takes as long as it likes: everybody else can use the disk meanwhile. */
    void beforeSync(Consumer<String> delay) {
        beforeSync = delay;
    }

    synchronized void capacity(long bytes) {
        capacity = bytes;
    }

    /** Keeps no steps, for much data: cannot be cut then. */
    synchronized void forgetful() {
        forgetful = true;
    }

    private void step(Step step) {
        if (!forgetful) {
            steps.add(step);
        }
    }

    synchronized int calls() {
        return calls;
    }

    synchronized int steps() {
        return steps.size();
    }

    synchronized long bytesRead() {
        return bytesRead;
    }

    synchronized void note(String text) {
        step(new Step(Call.NOTE, text, null, null, 0));
    }

    /** The notes among the first steps. */
    synchronized Set<String> notes(int before) {
        Set<String> notes = new LinkedHashSet<>();
        for (Step step : steps.subList(0, before)) {
            if (step.call() == Call.NOTE) {
                notes.add(step.name());
            }
        }
        return notes;
    }

    /** How often a file of that name got another name. */
    synchronized long renames(String name) {
        return steps.stream().filter(step -> step.call() == Call.RENAME && step.name().equals(name)).count();
    }

    // ------------------------------------------------------------------------------------------- for the tests

    synchronized byte[] content(String name) {
        return files.get(names.get(name)).all();
    }

    synchronized void put(String name, byte[] content) {
        files.add(new Content(content));
        names.put(name, files.size() - 1);
    }

    synchronized List<String> names() {
        return List.copyOf(names.keySet());
    }

    synchronized void lose(String name) {
        names.remove(name);
    }

    /** Reading that byte fails from now on. */
    synchronized void badSector(String name, long offset) {
        badFile = name;
        badOffset = offset;
    }

    synchronized MemoryStorage copy() {
        MemoryStorage copy = new MemoryStorage();
        names.forEach((name, file) -> copy.put(name, files.get(file).all()));
        return copy;
    }

    private synchronized void call(Call call, String name) throws IOException {
        IOException failure = fault.of(calls++, call, name);
        if (failure != null) {
            throw failure;
        }
    }

    private long used() {
        long used = 0;
        for (int file : names.values()) {
            used += files.get(file).length;
        }
        return used;
    }

    private int file(String name) throws IOException {
        Integer file = names.get(name);
        if (file == null) {
            throw new FileNotFoundException(name);
        }
        return file;
    }

    @Override
    public void open() {
        // Nobody else can use it.
    }

    @Override
    public boolean isCopy() {
        return false;
    }

    @Override
    public void claim() {
        // It is never copied.
    }

    @Override
    public synchronized List<String> list(String folder) throws IOException {
        call(Call.LIST, folder);
        String prefix = folder.isEmpty() ? "" : folder + "/";
        List<String> found = new ArrayList<>();
        for (String name : names.keySet()) {
            if (name.startsWith(prefix) && name.indexOf('/', prefix.length()) < 0) {
                found.add(name.substring(prefix.length()));
            }
        }
        return found;
    }

    @Override
    public synchronized long size(String name) throws IOException {
        return files.get(file(name)).length;
    }

    @Override
    public synchronized WriteFile create(String name) throws IOException {
        call(Call.CREATE, name);
        files.add(new Content(new byte[0]));
        int file = files.size() - 1;
        names.put(name, file);
        step(new Step(Call.CREATE, name, null, null, file));
        return writing(name, file);
    }

    @Override
    public synchronized WriteFile reopen(String name) throws IOException {
        call(Call.REOPEN, name);
        return writing(name, file(name));
    }

    private WriteFile writing(String name, int file) {
        return new WriteFile() {
            @Override
            public void write(long position, byte[] bytes, int offset, int length) throws IOException {
                MemoryStorage.this.write(name, file, position, Arrays.copyOfRange(bytes, offset, offset + length));
            }

            @Override
            public void sync() throws IOException {
                beforeSync.accept(name);
                synchronized (MemoryStorage.this) {
                    call(Call.SYNC, name);
                    step(new Step(Call.SYNC, name, null, null, file));
                }
            }

            @Override
            public void close() {
                // Nothing is held.
            }
        };
    }

    private synchronized void write(String name, int file, long position, byte[] bytes) throws IOException {
        IOException failure = null;
        byte[] done = bytes;
        try {
            call(Call.WRITE, name);
            long more = position + bytes.length - files.get(file).length;
            long room = Math.max(0, capacity - used());
            if (more > room) {
                done = Arrays.copyOf(bytes, (int) Math.max(0, bytes.length - more + room));
                failure = new StorageFullException("full", null);
            }
        } catch (IOException e) {
            // A write that fails may have written any part.
            done = Arrays.copyOf(bytes, bytes.length / 2);
            failure = e;
        }
        files.get(file).write(position, done, 0, done.length);
        step(new Step(Call.WRITE, name, done, null, file, position));
        if (failure != null) {
            throw failure;
        }
    }

    @Override
    public synchronized ReadFile read(String name) throws IOException {
        call(Call.READ, name);
        int file = file(name);
        return new ReadFile() {
            @Override
            public long size() {
                synchronized (MemoryStorage.this) {
                    return files.get(file).length;
                }
            }

            @Override
            public int read(long position, byte[] target, int offset, int length) throws IOException {
                synchronized (MemoryStorage.this) {
                    call(Call.READ, name);
                    if (name.equals(badFile) && position <= badOffset && badOffset < position + length) {
                        throw new IOException("bad sector");
                    }
                    Content content = files.get(file);
                    int count = (int) Math.max(0, Math.min(length, content.length - position));
                    System.arraycopy(content.bytes, (int) Math.min(position, content.length), target, offset, count);
                    bytesRead += count;
                    return count;
                }
            }

            @Override
            public void close() {
                // Nothing is held.
            }
        };
    }

    @Override
    public synchronized void truncate(String name, long size) throws IOException {
        call(Call.TRUNCATE, name);
        int file = file(name);
        files.set(file, new Content(Arrays.copyOf(files.get(file).bytes, (int) size)));
        step(new Step(Call.TRUNCATE, name, new byte[(int) size], null, file));
    }

    @Override
    public synchronized void rename(String from, String to) throws IOException {
        call(Call.RENAME, from);
        names.put(to, file(from));
        names.remove(from);
        step(new Step(Call.RENAME, from, null, to, 0));
    }

    @Override
    public synchronized void delete(String name) throws IOException {
        call(Call.DELETE, name);
        if (names.remove(name) != null) {
            step(new Step(Call.DELETE, name, null, null, 0));
        }
    }

    @Override
    public synchronized void syncFolder(String folder) throws IOException {
        call(Call.SYNC_FOLDER, folder);
        step(new Step(Call.SYNC_FOLDER, folder, null, null, 0));
    }

    @Override
    public synchronized long free() {
        return Math.max(0, capacity - used());
    }

    @Override
    public String place() {
        return "memory";
    }

    @Override
    public void close() {
        // Nothing is held.
    }

    // ------------------------------------------------------------------------------------------- the power cut

    /** The disk after a power cut behind the first steps. */
    synchronized MemoryStorage cut(int after, Random random) {
        List<Content> synced = new ArrayList<>();
        List<List<Step>> unsynced = new ArrayList<>();
        for (int i = 0; i < files.size(); i++) {
            synced.add(new Content(new byte[0]));
            unsynced.add(new ArrayList<>());
        }
        Map<String, Integer> durable = new LinkedHashMap<>();
        List<Step> pendingNames = new ArrayList<>();
        for (Step step : steps.subList(0, after)) {
            switch (step.call()) {
                case WRITE -> unsynced.get(step.file()).add(step);
                case SYNC, TRUNCATE -> {
                    Content content = synced.get(step.file());
                    unsynced.get(step.file()).forEach(each -> content.write(each.position(), each.bytes(), 0, each.bytes().length));
                    unsynced.get(step.file()).clear();
                    if (step.call() == Call.TRUNCATE) {
                        content.length(step.bytes().length);
                    }
                }
                case CREATE, RENAME, DELETE -> pendingNames.add(step);
                case SYNC_FOLDER -> {
                    for (Step pending : List.copyOf(pendingNames)) {
                        if (folder(pending.name()).equals(step.name())) {
                            apply(durable, pending);
                            pendingNames.remove(pending);
                        }
                    }
                }
                default -> {
                    // Notes and reads change nothing.
                }
            }
        }
        int kept = random.nextInt(pendingNames.size() + 1);
        pendingNames.subList(0, kept).forEach(pending -> apply(durable, pending));
        MemoryStorage disk = new MemoryStorage();
        durable.forEach((name, file) -> disk.put(name, torn(synced.get(file).all(), unsynced.get(file), random)));
        return disk;
    }

    private static String folder(String name) {
        int slash = name.lastIndexOf('/');
        return slash < 0 ? "" : name.substring(0, slash);
    }

    private static void apply(Map<String, Integer> durable, Step step) {
        switch (step.call()) {
            case CREATE -> durable.put(step.name(), step.file());
            case DELETE -> durable.remove(step.name());
            default -> {
                Integer file = durable.remove(step.name());
                if (file != null) {
                    durable.put(step.target(), file);
                }
            }
        }
    }

    /** What a disk may make of writes that were not synced: none, all, a part of them in order, or any of their sectors. */
    private static byte[] torn(byte[] synced, List<Step> unsynced, Random random) {
        Content content = new Content(synced);
        int mode = random.nextInt(4);
        int left = unsynced.stream().mapToInt(each -> each.bytes().length).sum();
        left = mode == 0 || left == 0 ? 0 : mode == 1 ? left : random.nextInt(left + 1);
        for (Step each : unsynced) {
            if (mode < 3) {
                int count = Math.min(left, each.bytes().length);
                content.write(each.position(), each.bytes(), 0, count);
                left -= count;
            } else {
                sectors(content, each, random);
            }
        }
        return content.all();
    }

    /** The length came through; some sectors did not: they are as they were before. */
    private static void sectors(Content content, Step write, Random random) {
        long end = write.position() + write.bytes().length;
        if (content.length < end) {
            content.write(end - 1, new byte[1], 0, 1);
        }
        for (long at = write.position(); at < end; at += SECTOR - at % SECTOR) {
            long next = Math.min(end, at + SECTOR - at % SECTOR);
            if (random.nextBoolean()) {
                content.write(at, write.bytes(), (int) (at - write.position()), (int) (next - at));
            }
        }
    }
}

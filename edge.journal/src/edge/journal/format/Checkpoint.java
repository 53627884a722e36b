// SPDX-License-Identifier: Apache-2.0
package edge.journal.format;

import edge.api.gateway.ClockCorrection;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * The state of all streams, in each segment's HEADER and in the END that a clean stop leaves. So opening a journal needs its
 * last segment only, and what is missing from a damaged segment can be told from its neighbour.
 *
 * @param segment number of the segment
 * @param salt random; ties the frames to this segment
 * @param gateway whose records these are
 * @param bootId the run that wrote it
 * @param synced whether every acknowledged record was synced: the sync policy was not {@code os}
 * @param previous number of the segment before, 0 if there is none
 * @param previousEnd where the segment before ends; what lies behind was never acknowledged
 * @param ended the streams at the end of the segment before, in an END: of this one
 * @param begun the streams as they go on: other epochs than in {@code ended} after a stop that may have lost its tail
 * @param corrections of the clock that were made before
 */
public record Checkpoint(long segment, long salt, UUID gateway, UUID bootId, boolean synced, long previous, long previousEnd,
                         List<StreamMark> ended, List<StreamMark> begun, List<ClockCorrection> corrections) {

    private static final int SEGMENT = 1;
    private static final int SALT = 2;
    private static final int GATEWAY = 3;
    private static final int BOOT = 4;
    private static final int SYNCED = 5;
    private static final int PREVIOUS = 6;
    private static final int PREVIOUS_END = 7;
    private static final int ENDED = 8;
    private static final int BEGUN = 9;
    private static final int RENEWED = 10;
    private static final int CORRECTION = 11;

    /** Writes it as the HEADER frame; the output begins at that place of the segment. */
    public void writeHeader(Output out) {
        write(out, Frames.HEADER, Frames.PREAMBLE);
    }

    /** Writes it as the END frame. */
    public void writeEnd(Output out, long offset) {
        write(out, Frames.END, offset);
    }

    private void write(Output out, int type, long offset) {
        int start = out.skip(Frames.HEAD);
        out.put(type);
        out.field(SEGMENT, segment);
        out.field(SALT, new Output(8).putLong(salt));
        out.field(GATEWAY, new Output(16).putUuid(gateway));
        out.field(BOOT, new Output(16).putUuid(bootId));
        out.field(SYNCED, synced ? 1 : 0);
        out.field(PREVIOUS, previous);
        out.field(PREVIOUS_END, previousEnd);
        writeMarks(out, ENDED, ended);
        if (!begun.equals(ended)) {
            out.field(RENEWED, 1);
            writeMarks(out, BEGUN, begun);
        }
        for (ClockCorrection correction : corrections) {
            Output content = new Output(64);
            Corrections.write(content, correction);
            out.field(CORRECTION, content);
        }
        Frames.close(out, start, Frames.placeMask(segment, offset), new CRC32C());
    }

    private static void writeMarks(Output out, int number, List<StreamMark> marks) {
        for (StreamMark mark : marks) {
            Output content = new Output(96);
            mark.write(content);
            out.field(number, content);
        }
    }

    static Checkpoint read(Input in) throws DamagedException {
        long segment = 0;
        long salt = 0;
        UUID gateway = null;
        UUID boot = null;
        boolean synced = false;
        boolean renewed = false;
        long previous = 0;
        long previousEnd = 0;
        List<StreamMark> ended = new ArrayList<>();
        List<StreamMark> begun = new ArrayList<>();
        List<ClockCorrection> corrections = new ArrayList<>();
        while (in.more()) {
            int key = in.getVarInt();
            switch (key) {
                case SEGMENT << 1 -> segment = in.getVar();
                case SYNCED << 1 -> synced = in.getVar() != 0;
                case PREVIOUS << 1 -> previous = in.getVar();
                case PREVIOUS_END << 1 -> previousEnd = in.getVar();
                case RENEWED << 1 -> renewed = in.getVar() != 0;
                case SALT << 1 | 1, GATEWAY << 1 | 1, BOOT << 1 | 1, ENDED << 1 | 1, BEGUN << 1 | 1,
                    CORRECTION << 1 | 1 -> {
                    int outer = in.enter(in.getVarInt());
                    switch (key >>> 1) {
                        case SALT -> salt = in.getLong();
                        case GATEWAY -> gateway = in.getUuid();
                        case BOOT -> boot = in.getUuid();
                        case CORRECTION -> corrections.add(Corrections.read(in));
                        case ENDED -> ended.add(StreamMark.read(in));
                        default -> begun.add(StreamMark.read(in));
                    }
                    in.leave(outer);
                }
                default -> in.skip(key);
            }
        }
        if (gateway == null || boot == null) {
            throw new DamagedException("a checkpoint without identity");
        }
        List<StreamMark> before = List.copyOf(ended);
        return new Checkpoint(segment, salt, gateway, boot, synced, previous, previousEnd, before,
            renewed ? List.copyOf(begun) : before, List.copyOf(corrections));
    }
}

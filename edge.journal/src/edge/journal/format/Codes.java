// SPDX-License-Identifier: Apache-2.0
package edge.journal.format;

import edge.api.access.Caller;
import edge.api.access.Role;
import edge.api.device.Access;
import edge.api.device.Quality;
import edge.api.gateway.ClockConfidence;
import edge.api.journal.JournalRecord.Loss;
import edge.api.message.StreamId;
import edge.api.value.DataType;
import java.util.List;

/** The numbers that stand for constants on disk: the place in its list. Append to a list, never reorder one. */
public final class Codes {

    static final List<ClockConfidence> CONFIDENCES =
        List.of(ClockConfidence.UNSET, ClockConfidence.PLAUSIBLE, ClockConfidence.SYNCHRONISED);
    static final List<StreamId.Kind> STREAM_KINDS =
        List.of(StreamId.Kind.DEVICE, StreamId.Kind.INGEST, StreamId.Kind.LOCAL);
    static final List<Caller.Kind> CALLER_KINDS = List.of(Caller.Kind.SYSTEM, Caller.Kind.PERSON, Caller.Kind.MACHINE);
    static final List<Role> ROLES = List.of(Role.VIEWER, Role.OPERATOR, Role.ENGINEER, Role.ADMINISTRATOR);
    static final List<DataType> TYPES = List.of(DataType.BOOL, DataType.INT8, DataType.INT16, DataType.INT32, DataType.INT64,
        DataType.UINT8, DataType.UINT16, DataType.UINT32, DataType.UINT64, DataType.FLOAT32, DataType.FLOAT64, DataType.TEXT,
        DataType.BYTES);
    static final List<Access> ACCESSES = List.of(Access.READ, Access.WRITE, Access.READ_WRITE);
    static final List<Quality.Level> LEVELS = List.of(Quality.Level.GOOD, Quality.Level.UNCERTAIN, Quality.Level.BAD);
    static final List<Quality.Reason> REASONS = List.of(Quality.Reason.NONE, Quality.Reason.NO_DATA,
        Quality.Reason.NOT_CONNECTED, Quality.Reason.TIMEOUT, Quality.Reason.REJECTED, Quality.Reason.MALFORMED,
        Quality.Reason.OUT_OF_RANGE, Quality.Reason.STALE, Quality.Reason.PAUSED, Quality.Reason.SENSOR,
        Quality.Reason.DRIVER_FAULT);
    static final List<Loss> LOSSES = List.of(Loss.CORRUPT, Loss.FULL, Loss.EXPIRED, Loss.REJECTED, Loss.THINNED,
        Loss.OVERSIZE, Loss.FAILED, Loss.REMOVED, Loss.TAIL);

    private Codes() {
    }

    public static void put(Output out, StreamId stream) {
        out.put(code(STREAM_KINDS, stream.kind())).putText(stream.name());
    }

    public static StreamId stream(Input in) throws DamagedException {
        StreamId.Kind kind = constant(STREAM_KINDS, in.get());
        try {
            return new StreamId(kind, in.getText());
        } catch (IllegalArgumentException e) {
            throw new DamagedException(e.getMessage());
        }
    }

    static <E> int code(List<E> list, E constant) {
        int code = list.indexOf(constant);
        if (code < 0) {
            throw new IllegalArgumentException(constant + " has no code on disk");
        }
        return code;
    }

    static <E> E constant(List<E> list, int code) throws DamagedException {
        if (code >= list.size()) {
            throw new DamagedException("there is no constant number " + code + "; a newer version wrote it");
        }
        return list.get(code);
    }
}

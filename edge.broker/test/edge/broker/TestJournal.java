// SPDX-License-Identifier: Apache-2.0
package edge.broker;

import edge.api.journal.Cursor;
import edge.api.journal.Journal;
import edge.api.journal.JournalException;
import edge.api.journal.JournalStatus;
import edge.api.journal.StreamSelection;
import edge.api.message.Message;
import edge.api.message.RecordKey;
import edge.api.message.StreamId;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;

/** A journal whose disk the test moves by hand. */
public final class TestJournal implements Journal {

    /** One append that waits. */
    public record Append(StreamId stream, Message message, CompletableFuture<RecordKey> result) {
        public void store() {
            result.complete(new RecordKey(new UUID(1, 2), stream, 3, 4));
        }

        public void refuse() {
            result.completeExceptionally(new JournalException(JournalException.Kind.FULL, "the quota of the test is reached"));
        }
    }

    public final List<Append> appends = new CopyOnWriteArrayList<>();
    public volatile boolean storesAtOnce = true;
    public volatile boolean refuses;

    @Override
    public CompletionStage<RecordKey> append(StreamId stream, Message message) {
        Append append = new Append(stream, message, new CompletableFuture<>());
        appends.add(append);
        if (refuses) {
            append.refuse();
        } else if (storesAtOnce) {
            append.store();
        }
        return append.result();
    }

    public List<Message> messages() {
        List<Message> messages = new ArrayList<>();
        appends.forEach(a -> messages.add(a.message()));
        return messages;
    }

    @Override
    public Cursor open(String name, StreamSelection selection) {
        throw new UnsupportedOperationException("the broker does not read");
    }

    @Override
    public boolean remove(String name) {
        throw new UnsupportedOperationException("the broker does not read");
    }

    @Override
    public JournalStatus status() {
        throw new UnsupportedOperationException("the broker does not ask");
    }
}

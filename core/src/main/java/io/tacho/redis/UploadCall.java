// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.tacho.codec.WindowCodec;
import io.tacho.model.WindowSlot;
import io.tacho.store.UploadResult;
import io.tacho.store.WindowMerge;
import io.tacho.store.WindowUpload;
import java.util.ArrayList;
import java.util.List;

/** Keys and arguments of {@code upload.lua}, in the order of the script, and its reply. */
final class UploadCall {

    /** The length of the reply before the numbers of the windows. */
    private static final int REPLY_HEAD = 3;

    private static final long MERGE_NOW = 1;
    private static final long FIRST_OF_ITS_ENTRY = 2;

    private final List<String> keys = new ArrayList<>();
    private final List<byte[]> arguments = new ArrayList<>();
    private final WindowUpload batch;

    UploadCall(WindowUpload batch, RedisKeyspace keyspace) {
        this.batch = batch;
        int partition = keyspace.partitionOf(batch.uid());
        keys.add(keyspace.highWaterMark(batch.uid()));
        keys.add(keyspace.windows(partition));
        keys.add(keyspace.lastUpload(batch.uid()));
        keys.add(keyspace.node(batch.uid()));
        add(Long.toString(batch.highWaterMark()));
        add(Long.toString(SlotMember.lifeMillis(batch.windows().get(0).window().slot(), batch.history())));
        add(batch.uid());
        add(batch.writer() == null ? "" : batch.writer());
        add(PackedTotals.write(batch.last().totals()));
        for (WindowUpload.Numbered numbered : batch.windows()) {
            WindowSlot slot = numbered.window().slot();
            keys.addAll(keyspace.windowKeys(partition, slot));
            add(Long.toString(numbered.number()));
            add(SlotMember.of(slot));
            arguments.add(WindowCodec.write(WindowMerge.ofNode(numbered)));
        }
    }

    private void add(String text) {
        arguments.add(text.getBytes(US_ASCII));
    }

    String[] keys() {
        return keys.toArray(new String[0]);
    }

    byte[][] arguments() {
        return arguments.toArray(new byte[0][]);
    }

    /** {@return the result, read from the script's reply} */
    static UploadResult result(List<Object> reply) {
        String totals = reply.get(2) instanceof byte[] text ? new String(text, US_ASCII) : "";
        return new UploadResult((Long) reply.get(0), Long.valueOf(1).equals(reply.get(1)), PackedTotals.read(totals));
    }

    /**
     * Returns the slots whose entries the uploader should merge: those that have received many windows, and of a window that is the
     * first of its slot the slot before, which by then is complete.
     */
    List<WindowSlot> slotsToMerge(List<Object> reply) {
        List<WindowSlot> slots = new ArrayList<>();
        for (int i = REPLY_HEAD; i < reply.size(); i++) {
            WindowSlot slot = batch.windows().get(i - REPLY_HEAD).window().slot();
            long advice = (Long) reply.get(i);
            long before = slot.startMillis() - 1_000 * slot.intervalSeconds();
            if (advice == MERGE_NOW) {
                slots.add(slot);
            } else if (advice == FIRST_OF_ITS_ENTRY && before >= 0) {
                slots.add(new WindowSlot(slot.intervalSeconds(), before));
            }
        }
        return slots;
    }
}

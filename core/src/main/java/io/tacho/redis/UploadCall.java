// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.tacho.model.ClusterWindow;
import io.tacho.model.Field;
import io.tacho.model.NodeWindow;
import io.tacho.model.TotalField;
import io.tacho.model.WindowGauges;
import io.tacho.model.WindowSlot;
import io.tacho.sketch.Encoded;
import io.tacho.store.UploadResult;
import io.tacho.store.WindowUpload;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Keys and arguments of {@code upload.lua}, in the order of the script. */
final class UploadCall {

    private static final byte[] NONE = new byte[0];
    private static final byte[] SUMS = ascii(WindowFields.SUMS);
    private static final byte[] MAXIMA = ascii(WindowFields.MAXIMA);
    private static final byte[] LONG_SUMS = ascii(WindowFields.LONG_SUMS);

    private final List<String> keys = new ArrayList<>();
    private final List<byte[]> arguments = new ArrayList<>();

    UploadCall(WindowUpload batch, RedisKeyspace keyspace) {
        int partition = keyspace.partitionOf(batch.uid());
        keys.add(keyspace.highWaterMark(batch.uid()));
        keys.add(keyspace.windows(partition));
        keys.add(keyspace.lastUpload(batch.uid()));
        keys.add(keyspace.node(batch.uid()));
        keys.add(keyspace.merge(partition));
        add(batch.highWaterMark());
        add(SlotMember.lifeMillis(batch.windows().get(0).window().slot(), batch.history()));
        arguments.add(SUMS);
        arguments.add(MAXIMA);
        arguments.add(LONG_SUMS);
        arguments.add(ascii(batch.writer() == null ? "" : batch.writer()));
        arguments.add(ascii(PackedTotals.write(batch.last().totals())));
        for (WindowUpload.Numbered numbered : batch.windows()) {
            WindowSlot slot = numbered.window().slot();
            keys.add(keyspace.window(partition, slot));
            keys.add(keyspace.union(partition, slot, WindowFields.USERS));
            keys.add(keyspace.union(partition, slot, WindowFields.CHANNELS));
            add(numbered.number());
            arguments.add(ascii(SlotMember.of(slot)));
            add(numbered.window(), numbered.isBridged());
        }
    }

    /** {@return the result, read from the script's reply} */
    static UploadResult result(List<Object> reply) {
        String totals = reply.get(2) instanceof byte[] text ? new String(text, US_ASCII) : "";
        return new UploadResult((Long) reply.get(0), Long.valueOf(1).equals(reply.get(1)), PackedTotals.read(totals));
    }

    String[] keys() {
        return keys.toArray(new String[0]);
    }

    byte[][] arguments() {
        return arguments.toArray(new byte[0][]);
    }

    private void add(NodeWindow window, boolean isBridged) {
        for (TotalField counter : WindowFields.COUNTERS) {
            add(counter.of(window.sums()));
        }
        WindowGauges weighted = window.weightedGauges();
        for (Field gauge : WindowGauges.FIELDS) {
            add(weighted.number(gauge));
        }
        add(isBridged ? 1 : 0);
        add(window.timeApiMax());
        add(window.timeClientMax());
        add(window.gauges().numUniqueClients());
        add(window.gauges().numChannels());
        for (Field field : ClusterWindow.BALANCED) {
            add(window.spread(field).max());
        }
        arguments.add(packed(window.detail().timeApi(), PackedHistogram::write));
        arguments.add(packed(window.detail().timeClient(), PackedHistogram::write));
        for (TotalField duration : WindowFields.DURATIONS) {
            add(duration.of(window.sums()));
        }
        for (Field field : ClusterWindow.BALANCED) {
            add(window.spread(field).squares());
        }
        arguments.add(PackedExtras.write(window.weightedExtras()));
        arguments.add(packed(window.detail().users(), sketch -> sketch.encoded().bytes()));
        arguments.add(
                packed(window.detail().channels(), sketch -> sketch.encoded().bytes()));
    }

    private void add(long number) {
        arguments.add(ascii(Long.toString(number)));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(US_ASCII);
    }

    /** {@return the form that Redis merges; empty for none, and for one that is unreadable} */
    private static <T> byte[] packed(@Nullable Encoded<T> value, Function<T, byte[]> form) {
        return Optional.ofNullable(value)
                .flatMap(Encoded::decodeIfReadable)
                .map(form)
                .orElse(NONE);
    }
}

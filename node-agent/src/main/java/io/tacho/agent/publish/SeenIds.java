// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.publish;

import io.tacho.agent.record.IntervalRecorder;
import io.tacho.agent.record.LiveIds;
import io.tacho.agent.source.NodeState;
import io.tacho.model.MetricsWindow;
import io.tacho.model.WindowDetail;
import io.tacho.sketch.Encoded;
import io.tacho.sketch.HyperLogLog;
import org.jspecify.annotations.Nullable;

/**
 * The users and channels that were in use in a window, also those that are not at its end: unions of the sketches at each beat, and of
 * the ids that came into use between the beats.
 *
 * <p>Thread safety: confined to one thread.
 */
final class SeenIds {

    private static final class Union {
        private @Nullable Encoded<HyperLogLog> last;
        private HyperLogLog.@Nullable Builder union;

        void add(@Nullable Encoded<HyperLogLog> ids) {
            if (ids != null && !ids.equals(last)) {
                add(ids, last);
                last = ids;
            }
        }

        private void add(Encoded<HyperLogLog> ids, @Nullable Encoded<HyperLogLog> before) {
            if (before != null && union == null) {
                union = new HyperLogLog.Builder();
                before.decodeIfReadable().ifPresent(union::add);
            }
            if (union != null) {
                ids.decodeIfReadable().ifPresent(union::add);
            }
        }

        /** Returns the union with what was recorded, and begins the next with the last sketch; null if the node ships none. */
        @Nullable
        Encoded<HyperLogLog> take(LiveIds recorded) {
            HyperLogLog past = last == null ? null : recorded.takeSeen();
            if (past != null) {
                add(past.encoded(), last);
            }
            Encoded<HyperLogLog> seen = union == null ? last : union.build().encoded();
            union = null;
            return seen;
        }
    }

    private Union users = new Union();
    private Union channels = new Union();
    private WindowDetail sent = WindowDetail.NONE;
    private @Nullable MetricsWindow sentIn;

    /** Adds the ids that are in use now; null while there is no node. */
    void add(@Nullable NodeState node) {
        if (node != null) {
            users.add(node.users());
            channels.add(node.channels());
        }
    }

    /** Returns the detail of the window that ends, with all ids of the window; the next one begins with those in use now. */
    WindowDetail endWindow(IntervalRecorder recorder, WindowDetail last) {
        return new WindowDetail(
                last.timeApi(),
                last.timeClient(),
                users.take(recorder.users()),
                channels.take(recorder.channels()),
                last.extras());
    }

    /** Returns the detail of a beat: within a window always with the sketches that its first beat had, so that they are sent once. */
    WindowDetail beat(WindowDetail current, @Nullable MetricsWindow window) {
        boolean repeats = window != null && window.equals(sentIn);
        WindowDetail detail = new WindowDetail(
                current.timeApi(),
                current.timeClient(),
                repeats && sent.users() != null ? sent.users() : current.users(),
                repeats && sent.channels() != null ? sent.channels() : current.channels(),
                current.extras());
        sent = detail;
        sentIn = window;
        return detail;
    }

    /** Forgets the ids of a node that another one replaces. */
    void clear() {
        users = new Union();
        channels = new Union();
        sentIn = null;
    }
}

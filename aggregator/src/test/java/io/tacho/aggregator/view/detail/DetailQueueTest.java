// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.view.detail;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.model.WindowDetail;
import io.tacho.sketch.Encoded;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DetailQueueTest {

    private final DetailQueue queue = new DetailQueue();

    private static NodeDetail detail(int bytes) {
        return NodeDetail.of(new WindowDetail(Encoded.histogram(new byte[bytes]), null, null, null), null);
    }

    private static List<NodeDetail> contents(DetailQueue of) {
        List<NodeDetail> contents = new ArrayList<>();
        for (NodeDetail each = of.first(); each != null; each = each.next) {
            assertThat(each.queue).isSameAs(of);
            assertThat(each.previous).isSameAs(contents.isEmpty() ? null : contents.get(contents.size() - 1));
            contents.add(each);
        }
        return contents;
    }

    @Test
    void emptyQueue_firstIsNull() {
        assertThat(queue.first()).isNull();
        assertThat(queue.size()).isZero();
        assertThat(queue.bytes()).isZero();
    }

    @Test
    void randomOperations_matchAList() {
        Random random = new Random(5);
        DetailQueue other = new DetailQueue();
        List<NodeDetail> expected = new ArrayList<>();
        List<NodeDetail> expectedOfOther = new ArrayList<>();
        for (int i = 0; i < 3_000; i++) {
            if (expected.isEmpty() || random.nextInt(5) < 2) {
                NodeDetail added = detail(1 + random.nextInt(500));
                queue.addLast(added);
                expected.add(added);
            } else {
                // the first, the last, or one between
                int at = List.of(0, expected.size() - 1, random.nextInt(expected.size()))
                        .get(random.nextInt(3));
                NodeDetail removed = expected.remove(at);
                queue.remove(removed);
                assertThat(removed.queue).isNull();
                assertThat(removed.next).isNull();
                assertThat(removed.previous).isNull();
                if (random.nextBoolean()) {
                    other.addLast(removed);
                    expectedOfOther.add(removed);
                }
            }
            assertThat(queue.size()).isEqualTo(expected.size());
            assertThat(queue.bytes())
                    .isEqualTo(expected.stream().mapToLong(NodeDetail::bytes).sum());
            assertThat(contents(queue)).isEqualTo(expected);
        }
        assertThat(contents(other)).isEqualTo(expectedOfOther).hasSizeGreaterThan(100);
    }

    @Test
    void detail_dropsItsHistogramsFirst_thenItsNumbers() {
        NodeDetail histograms = detail(300);
        int before = histograms.bytes();
        assertThat(histograms.hasHistograms()).isTrue();
        assertThat(histograms.isDropped()).isFalse();

        histograms.reduce();
        assertThat(histograms.bytes()).isZero();
        assertThat(histograms.value()).isEqualTo(WindowDetail.NONE);
        assertThat(histograms.isDropped()).isTrue();
        assertThat(before).isEqualTo(256 + 300);
        assertThat(NodeDetail.of(WindowDetail.NONE, null)).isSameAs(NodeDetail.NONE);
    }
}

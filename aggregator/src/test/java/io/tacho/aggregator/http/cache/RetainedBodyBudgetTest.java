// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.tacho.aggregator.http.message.RequestRejectedException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RetainedBodyBudgetTest {

    private static final int LENGTH = 1_000;

    private final AtomicLong clock = new AtomicLong();
    private final RetainedBodyBudget budget = new RetainedBodyBudget(4 * LENGTH, clock::get);

    @AfterEach
    void close() {
        budget.close();
    }

    private ByteBuf body() {
        return budget.allocate(LENGTH).writeZero(LENGTH);
    }

    @Test
    void allocate_reusesTheMemoryOfAReplacedBody() {
        ByteBuf first = body();
        budget.replaced(first);

        ByteBuf second = budget.allocate(LENGTH + 10);
        assertThat(second).isSameAs(first);
        assertThat(second.readableBytes()).isZero();
        second.release();
        assertThat(first.refCnt()).isZero();
    }

    @Test
    void allocate_bodyStillRead_isUnchanged() {
        ByteBuf read = body();
        ByteBuf reader = read.retainedDuplicate();
        budget.replaced(read);

        ByteBuf next = budget.allocate(LENGTH);
        assertThat(next).isNotSameAs(read);
        assertThat(reader.readableBytes()).isEqualTo(LENGTH);

        reader.release();
        budget.replaced(next);
        assertThat(read.refCnt()).as("only one buffer is retained").isZero();
        assertThat(next.refCnt()).isOne();
    }

    @Test
    void allocate_smallBodies_doNotDisplaceALargeBody() {
        ByteBuf large = budget.allocate(3 * LENGTH);
        budget.replaced(large);
        for (int i = 0; i < 100; i++) {
            ByteBuf small = body();
            assertThat(small).isNotSameAs(large);
            budget.replaced(small);
            assertThat(small.refCnt()).as("not retained").isZero();
        }

        ByteBuf next = budget.allocate(3 * LENGTH);
        assertThat(next).isSameAs(large);
        next.release();
    }

    @Test
    void allocate_clusterShrinks_releasesTheLargerBuffer() {
        ByteBuf large = budget.allocate(3 * LENGTH);
        budget.replaced(large);
        clock.set(TimeUnit.SECONDS.toNanos(10) - 1);
        body().release();
        assertThat(large.refCnt()).isOne();
        clock.incrementAndGet();
        body().release();
        assertThat(large.refCnt()).isZero();
    }

    @Test
    void allocate_clusterGrows_releasesTheSmallerBuffer() {
        ByteBuf small = body();
        budget.replaced(small);
        budget.allocate(2 * LENGTH).release();
        assertThat(small.refCnt()).isZero();
    }

    @Test
    void allocate_thatIsRejected_freesTheSpareMemory() {
        ByteBuf read = budget.allocate(3 * LENGTH);
        ByteBuf spare = body();
        ByteBuf reader = read.retainedDuplicate();
        budget.replaced(read);
        budget.replaced(spare);
        assertThatThrownBy(() -> budget.allocate(LENGTH)).isInstanceOf(RequestRejectedException.class);
        assertThat(spare.refCnt()).isZero();
        reader.release();
    }

    @Test
    void allocate_tooManyReplacedBodiesInUse_isRejected() {
        ByteBuf[] readers = new ByteBuf[3];
        for (int i = 0; i < readers.length; i++) {
            ByteBuf body = body();
            readers[i] = body.retainedDuplicate();
            budget.replaced(body);
        }
        assertThat(budget.isCrowded()).isTrue();
        assertThatThrownBy(() -> budget.allocate(LENGTH))
                .isInstanceOfSatisfying(
                        RequestRejectedException.class,
                        rejected -> assertThat(rejected.status()).isEqualTo(HttpResponseStatus.SERVICE_UNAVAILABLE));

        for (ByteBuf reader : readers) {
            reader.release();
        }
        budget.allocate(LENGTH).release();
        assertThat(budget.isCrowded()).isFalse();
    }

    @Test
    void close_freesAllBodies() {
        ByteBuf unread = body();
        ByteBuf read = body();
        ByteBuf reader = read.retainedDuplicate();
        budget.replaced(unread);
        budget.replaced(read);
        budget.close();
        assertThat(unread.refCnt()).isZero();
        reader.release();
        assertThat(read.refCnt()).isZero();

        ByteBuf late = body();
        budget.replaced(late);
        assertThat(late.refCnt()).isZero();
    }
}

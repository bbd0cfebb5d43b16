// SPDX-License-Identifier: Apache-2.0
package io.tacho.store.memory;

import io.tacho.store.MembershipLog;
import io.tacho.store.MembershipLogContract;

class InMemoryMembershipLogTest extends MembershipLogContract {

    private final InMemoryMembershipLog log = new InMemoryMembershipLog();

    @Override
    protected MembershipLog member() {
        return log;
    }

    @Override
    protected void flush() {
        log.flush();
    }
}

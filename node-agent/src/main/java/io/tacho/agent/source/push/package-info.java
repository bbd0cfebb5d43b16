// SPDX-License-Identifier: Apache-2.0
/**
 * The source for scripts and cron jobs that send HTTP requests.
 *
 * <p>Data flow: {@code PushServer} → {@code PushRequests} → {@code PushedFields} → {@code PushedNode} and {@code
 * PushedCounts} → {@code PushSource}.
 *
 * <p>A request is accepted or rejected as a whole. Values that are not pushed again become old.
 */
@NullMarked
package io.tacho.agent.source.push;

import org.jspecify.annotations.NullMarked;

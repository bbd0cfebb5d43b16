// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http;

import java.util.concurrent.CompletionStage;

/** An answer that something else than the event loop works on; further requests of the connection wait for it. */
record LaterAnswer(CompletionStage<WholeAnswer> answer) implements Answer {}

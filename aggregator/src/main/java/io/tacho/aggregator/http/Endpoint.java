// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http;

/** Answers the requests for one path, from memory: never blocks, for it runs on the event loop. */
interface Endpoint {

    /**
     * The answer.
     *
     * @throws RefusedException to answer an error in this API's form
     */
    Answer answer(Request request);
}

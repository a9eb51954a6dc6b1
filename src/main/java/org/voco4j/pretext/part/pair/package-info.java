/** What methods share that compare two views of a place: how views are made, how their partners are found, queues and mixtures. */
@NullMarked
package org.voco4j.pretext.part.pair;

import org.jspecify.annotations.NullMarked;

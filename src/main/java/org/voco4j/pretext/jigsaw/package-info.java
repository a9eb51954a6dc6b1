/**
 * Jigsaw: in which order do the pieces of a scan lie (Noroozi and Favaro, ECCV 2016; in 3-D Taleb et al., NeurIPS 2020, and the study of
 * Zhou et al. from which VoCo's Table 2 has its row)?
 *
 * <p>A region of a scan is cut into a grid of cells, each smaller than its place by a gap that hides matching edges; the cells are put in one of K
 * fixed orders, and the order is to be told from the encoder's features of all of them.
 *
 * <p>Departures from the study: the orders are those of a greedy search whose smallest distance is 6 for 8 cells, where the published 100
 * have 2; cells are resized to the size that goes through the encoder; all levels of the encoder are pooled, not the deepest alone.
 */
@NullMarked
package org.voco4j.pretext.jigsaw;

import org.jspecify.annotations.NullMarked;

/**
 * Rubik's cube: in which order do the pieces of a scan lie, and which of them are turned (Zhuang et al., MICCAI 2019; the study of Zhou et al.
 * from which VoCo's Table 2 has its row)? Rubik's cube+ asks beside it which are masked (Zhu et al., Medical Image Analysis 2020).
 *
 * <p>Pieces are cut and ordered as for a jigsaw ({@code Puzzles}); then each, place by place, is turned by 180 degrees about x, about z, or not at
 * all, and may lose half of its voxels. Order and flags are told from the encoder's features of all pieces.
 *
 * <p>The study's formula is taken: one BCE for each axis, halved with the cross entropy of the order, not halved where masks are told too. The
 * flags are logits, where the study has a sigmoid and then the BCE. Departures from the study are those of the jigsaw: orders that differ in at
 * least 6 of 8 places, cells resized to the size that goes through the encoder, all levels of the encoder pooled.
 */
@NullMarked
package org.voco4j.pretext.rubik;

import org.jspecify.annotations.NullMarked;

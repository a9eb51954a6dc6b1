/**
 * Jigsaw clustering (Chen et al., CVPR 2021): which pieces in montages of many images are of one image, and which part of it do they show? It
 * is what VoCo cites as Jigsaw in its tables.
 *
 * <p>Every image is cut into pieces that overlap, one for each corner; each is changed by itself, and the pieces of all images are pasted into
 * montages in a random order. The encoder sees montages only; its maps are cut back into the places of a montage. Pieces of one image attract
 * each other ({@code SupervisedContrast}), and each tells which part of its image it is.
 *
 * <p>In the source the factor of the first loss is T/0.07 whatever T is, so with its T = 0.3 that loss counts 4.29 times: {@code
 * weight: released}; {@code plain} counts it once. Published is the method in 2-D; in 3-D (ours) there are 8 pieces, an image is a region of a
 * scan, the features are means of all levels of the encoder over a place, and intensities are changed as in SimCLR here, without blur, grey and
 * flips, which would exchange left and right.
 */
@NullMarked
package org.voco4j.pretext.jigclu;

import org.jspecify.annotations.NullMarked;

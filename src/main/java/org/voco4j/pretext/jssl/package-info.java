/**
 * JSSL, joint learning of slices and volumes by clusters, within and across scans (Nguyen et al., AAAI 2023; VoCo's Table 3).
 *
 * <p>Crops of one place of a scan, changed each on its own, are cut into slabs across z. The encoder sees slabs; a transformer over the slabs
 * of a crop makes one feature of it. Two views are to tell each other's cluster, slab by slab and as whole crops ({@code SwappedPrediction}),
 * and the transformer tells slabs that are hidden from the others ({@code HiddenSlabs}). Targets are shared out among prototypes that are learned
 * ({@code variant: swav}), or prototypes are centres of the latest features ({@code deepcluster}, {@code SphericalKMeans}).
 *
 * <p>The authors' code (duyhominhnguyen/Self-supervised-Image-Volume-Intra-Inter-Contrastive) trains in three stages, slices by themselves, the
 * transformer on hidden slices of an encoder that rests, then the clusters of volumes; its deformable attention runs over the places of a
 * feature, and each scan keeps its first two views for the whole run.
 *
 * <p>Departures: slabs in place of slices, each as large as a crop, so that the encoder is one for volumes; one stage, in which the three losses are
 * added and what is hidden has no gradient; plain attention among slabs; batch norms, since nothing was trained
 * before, and without them the loss stays at log K; views that lie beside each other in place of affine maps; prototypes move
 * from the first step on; one set of prototypes for each level, of deepcluster too, whose targets are swapped between views.
 */
@NullMarked
package org.voco4j.pretext.jssl;

import org.jspecify.annotations.NullMarked;

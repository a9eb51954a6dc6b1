package org.voco4j.pretext;

import java.util.ArrayList;
import java.util.List;
import org.voco4j.engine.tensor.Device;
import org.voco4j.program.pretrain.PretrainRecipe;
import org.voco4j.recipe.RecipeTree;

/** Tasks that teach a small UNETR: crops of 8 voxels, 8 patches. */
public final class SmallUnetr {
    private SmallUnetr() {}

    /** A task by its name, with further {@code key=value}. */
    public static PretextTask task(String name, String... settings) {
        List<String> all = new ArrayList<>(List.of(
                "pretext.task=" + name,
                "model.encoder=unetr",
                "model.featureSize=2",
                "model.hiddenSize=12",
                "model.heads=2",
                "model.patch=[4, 4, 4]",
                "model.blocks=2",
                "crop.size=8"));
        all.addAll(List.of(settings));
        PretrainRecipe recipe = RecipeTree.load("pretrain", null, all).bind(PretrainRecipe.class);
        return recipe.pretext().chosen().task(recipe.setup(Device.CPU));
    }
}

#!/usr/bin/env python3
"""Makes the adapters of this folder and what the Python libraries merge them to.

Usage: make_adapters.py CHECKPOINT   (the folder ../checkpoints/e2e/acestep-v15-turbo)
Needs torch, peft and lycoris-lora. Written with torch 2.11.0, peft 0.21.2, lycoris-lora 4.1.3.

Each adapter has seeded random numbers. `expected/NAME.safetensors` holds the first 16 rows of the
merged float32 weights by their names in the checkpoint.
"""
import json
import os
import pathlib
import shutil
import sys

import peft
import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file

os.environ["LYCORIS_KERNEL"] = "torch"
from lycoris import LycorisNetwork, create_lycoris  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent
ROWS = 16
Q = "layers.0.self_attn.q_proj"
K = "layers.1.cross_attn.k_proj"
UP = "layers.3.mlp.up_proj"
CONV = "proj_in.1"


def decoder(checkpoint: str, names: list[str]) -> torch.nn.Module:
    """The decoder's modules `names` alone, in float32."""
    root = torch.nn.Module()
    with safe_open(f"{checkpoint}/model.safetensors", "pt") as file:
        for name in names:
            weight = file.get_tensor(f"decoder.{name}.weight").float()
            if weight.dim() == 2:
                leaf = torch.nn.Linear(weight.shape[1], weight.shape[0], bias=False)
            else:
                leaf = torch.nn.Conv1d(
                    weight.shape[1], weight.shape[0], weight.shape[2], stride=weight.shape[2], bias=False
                )
            leaf.weight.data = weight
            place = root
            *path, last = name.split(".")
            for part in path:
                if not hasattr(place, part):
                    place.add_module(part, torch.nn.Module())
                place = getattr(place, part)
            place.add_module(last, leaf)
    return root


def fill(parameters, generator: torch.Generator) -> None:
    for parameter in parameters:
        noise = torch.randn(parameter.shape, generator=generator)
        parameter.data = parameter.data + 0.1 * noise


def save_expected(name: str, weights: dict[str, torch.Tensor]) -> None:
    rows = {f"decoder.{key}.weight": value.detach()[:ROWS].contiguous() for key, value in weights.items()}
    save_file(rows, HERE / "expected" / f"{name}.safetensors")


def make_peft(checkpoint: str, name: str, config, names: list[str], seed: int) -> None:
    torch.manual_seed(seed)  # the first numbers of new layers
    model = peft.get_peft_model(decoder(checkpoint, names), config)
    fill(
        (p for key, p in model.named_parameters() if "lora_" in key or "lokr_" in key),
        torch.Generator().manual_seed(seed),
    )
    folder = HERE / name
    model.save_pretrained(folder)
    (folder / "README.md").unlink(missing_ok=True)
    # What differs from run to run, or is of no use here.
    file = folder / "adapter_config.json"
    settings = {key: value for key, value in json.loads(file.read_text()).items() if value is not None}
    settings["target_modules"] = sorted(settings["target_modules"])
    file.write_text(json.dumps(settings, indent=1, sort_keys=True) + "\n")
    merged = model.merge_and_unload()
    save_expected(name, {key: merged.get_submodule(key).weight for key in names})


def make_lycoris(checkpoint: str, file: str, algo: str, names: list[str], seed: int, metadata=None, **options):
    torch.manual_seed(seed)
    base = decoder(checkpoint, names)
    LycorisNetwork.apply_preset({"unet_target_name": [".*proj"], "target_name": [".*proj"]})
    network = create_lycoris(base, 1.0, algo=algo, **options)
    network.apply_to()
    fill(
        (p for key, p in network.named_parameters() if "dora_scale" not in key),
        torch.Generator().manual_seed(seed),
    )
    for key, parameter in network.named_parameters():
        if "dora_scale" in key:
            parameter.data = parameter.data * 1.25
    target = HERE / file
    target.parent.mkdir(exist_ok=True)
    network.save_weights(str(target), dtype=None, metadata=metadata or {})
    # What its layers compute: y = x W^T of the identity.
    expected = {}
    with torch.no_grad():
        for key in names:
            layer = base.get_submodule(key)
            expected[key] = layer(torch.eye(layer.weight.shape[1])).T
    name = target.parent.name if target.name == "lokr_weights.safetensors" else target.stem
    save_expected(name, expected)


def rename(source: str, target: str, new_name, alpha: float | None) -> None:
    """The numbers of a PEFT folder under the names of another program."""
    tensors = {}
    for key, value in load_file(HERE / source / "adapter_model.safetensors").items():
        module, part = key.removeprefix("base_model.model.").rsplit(".lora_", 1)
        tensors[new_name(module, part[0])] = value
        if alpha is not None:
            tensors[new_name(module, "A").rsplit(".lora_", 1)[0] + ".alpha"] = torch.tensor(alpha)
    save_file(tensors, HERE / target)


def comfyui_name(module: str, part: str) -> str:
    return f"diffusion_model.decoder.{module}.lora_{'down' if part == 'A' else 'up'}.weight"


def kohya_name(module: str, part: str) -> str:
    return f"lora_unet_{module.replace('.', '_')}.lora_{'down' if part == 'A' else 'up'}.weight"


def main(checkpoint: str) -> None:
    shutil.rmtree(HERE / "expected", ignore_errors=True)
    (HERE / "expected").mkdir()
    lora = peft.LoraConfig
    make_peft(checkpoint, "peft_lora", lora(r=4, lora_alpha=8, target_modules=[Q, K]), [Q, K], 1)
    make_peft(
        checkpoint,
        "peft_patterns",
        lora(
            r=4,
            lora_alpha=8,
            use_rslora=True,
            target_modules=[Q, K, UP],
            rank_pattern={"mlp.up_proj": 2},
            alpha_pattern={K: 3, "mlp.up_proj": 5},
        ),
        [Q, K, UP],
        2,
    )
    make_peft(checkpoint, "peft_dora", lora(r=4, lora_alpha=8, use_dora=True, target_modules=[Q, K]), [Q, K], 3)
    make_peft(checkpoint, "peft_conv", lora(r=2, lora_alpha=2, target_modules=[CONV]), [CONV], 4)
    make_peft(
        checkpoint,
        "peft_lokr",
        peft.LoKrConfig(r=2, alpha=3, decompose_both=True, decompose_factor=8, target_modules=[Q, K]),
        [Q, K],
        5,
    )
    rename("peft_lora", "comfyui_lora.safetensors", comfyui_name, 8.0)
    rename("peft_lora", "comfyui_no_alpha.safetensors", lambda m, p: f"diffusion_model.{m}.lora_{p}.weight", None)
    rename("peft_lora", "kohya_lora.safetensors", kohya_name, 8.0)

    lokr = {"linear_dim": 2, "linear_alpha": 3, "factor": 4}
    config = {"lokr_config": json.dumps(lokr)}
    make_lycoris(checkpoint, "lokr/lokr_weights.safetensors", "lokr", [Q, K], 6, config, **lokr)
    make_lycoris(checkpoint, "lokr_both.safetensors", "lokr", [Q, K], 7, None, decompose_both=True, **{**lokr, "factor": 8})
    full = {**lokr, "full_matrix": True, "rs_lora": True}
    make_lycoris(checkpoint, "lokr_full.safetensors", "lokr", [K], 8, {"lokr_config": json.dumps(full)}, **full)
    make_lycoris(checkpoint, "lokr_dora.safetensors", "lokr", [K], 9, config, dora_wd=True, **lokr)
    make_lycoris(checkpoint, "lora_dora.safetensors", "lora", [K], 10, None, linear_dim=4, linear_alpha=2, dora_wd=True)


if __name__ == "__main__":
    main(sys.argv[1])

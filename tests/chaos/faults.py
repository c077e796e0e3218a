"""Faults, as they are done to a stage and taken back."""

import asyncio
import random
import signal
from dataclasses import dataclass

from app.chat.runs import LEASE
from tests.chaos.cells import Cell
from tests.chaos.stage import Stage
from tests.support.instance import PartName

AWAY = 1.0
"""Seconds until what nobody starts again by itself is started again."""
CUT_FOR = 1.0
CUT_EVERY = 0.2
ASLEEP = LEASE + 5.0
DISKS = {"postgres": ("postgres",), "milvus": ("data",), "disk": ("data", "postgres")}
"""The file systems that a target's files are on."""


@dataclass
class Fault:
    """One fault. Struck, it lasts until it is lifted; `lasts`: seconds, or None: until the turns in it have ended."""

    stage: Stage
    cell: Cell
    dice: random.Random

    @property
    def part(self) -> PartName:
        target = self.cell.target
        return "supervisor" if target == "all" else target  # type: ignore[return-value]

    @property
    def lasts(self) -> float | None:
        return {
            "kill": AWAY if self.cell.target in ("model", "redis") else 0.0,
            "pause": self.dice.uniform(1.5, 4.0),
            "asleep": ASLEEP,
            "cut": 0.0,
        }.get(self.cell.kind)

    async def prepare(self) -> None:
        """What has to be there before the turns."""
        if self.cell.kind == "asleep":
            await self.stage.start_second()

    async def strike(self) -> None:
        match self.cell.kind:
            case "kill":
                await self.stage.kill(self.part)
            case "pause" | "stuck" | "asleep":
                self.stage.signal(self.part, signal.SIGSTOP)
            case "slow":
                wire = self.stage.wires[self.cell.target]
                wire.latency, wire.bandwidth = self.dice.uniform(0.05, 0.15), 64_000
            case "cut":
                await self._cut()
            case "full":
                for disk in DISKS[self.cell.target]:
                    await asyncio.to_thread(self.stage.fill, disk)

    async def lift(self) -> None:
        """Back to how it was, as far as it is not to heal by itself."""
        match self.cell.kind:
            case "kill":
                if self.cell.target in ("model", "redis"):
                    await self.stage.start_own(self.part)
                elif self.cell.target == "worker":
                    await self.stage.start_worker()
                elif self.cell.target == "all":
                    await self.stage.start_up()
            case "pause" | "stuck" | "asleep":
                self.stage.signal(self.part, signal.SIGCONT)
            case "slow":
                self.stage.wires[self.cell.target].heal()
            case "full":
                for disk in DISKS[self.cell.target]:
                    self.stage.empty(disk)

    async def clear(self) -> None:
        """What was there for it alone."""
        if self.cell.kind == "asleep":
            await self.stage.stop_second()

    async def _cut(self) -> None:
        wire = self.stage.wires[self.cell.target]
        wire.refusing = True
        for _ in range(int(CUT_FOR / CUT_EVERY)):
            wire.cut()
            await asyncio.sleep(CUT_EVERY)
        wire.heal()

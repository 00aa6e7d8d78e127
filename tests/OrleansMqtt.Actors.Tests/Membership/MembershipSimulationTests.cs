using OrleansMqtt.Actors.Tests.Membership.Support;

namespace OrleansMqtt.Actors.Tests.Membership;

/// <summary>Machines that are paused, cut off, killed and started anew, with accesses to the table that fail, get lost and come late, by clocks that differ, and of several versions, which have not all the same grain classes.</summary>
public class MembershipSimulationTests
{
    private const int Seeds = 200;
    private const int Steps = 60;

    [Fact]
    public void No_grain_is_ever_owned_twice_and_each_has_an_owner_in_the_end()
    {
        var first = Random.Shared.Next();
        var given = 0;
        for (var seed = first; seed != first + Seeds; seed++)
        {
            try
            {
                var run = new Run(seed);
                run.Play();
                given += run.Given;
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException($"Seed {seed}: {exception.Message}", exception);
            }
        }

        Assert.NotEqual(0, given);
    }

    private sealed class Run(int seed)
    {
        private static readonly TableFault[] Faults = [TableFault.Before, TableFault.After, TableFault.HangBefore, TableFault.HangAfter];
        private static readonly string[] Manifests = ["grains session", "grains meter session", ""];
        private readonly Random _random = new(seed);
        private readonly MachineCluster _cluster = new();
        private readonly Machine[] _running = new Machine[5];
        // Answers that are on their way to who asked for single grains.
        private readonly List<Action> _answers = [];
        // Who does not end what has moved.
        private readonly TaskCompletionSource?[] _held = new TaskCompletionSource?[5];
        private int _generation;

        /// <summary>How many grains were asked for one by one.</summary>
        public int Given { get; private set; }

        public void Play()
        {
            // What waits goes on where it is completed, not on another thread: a seed takes the same course each time.
            SynchronizationContext.SetSynchronizationContext(null);
            for (var i = 0; i < _running.Length; i++)
            {
                Start(i);
            }

            for (var step = 0; step < Steps; step++)
            {
                Step();
                _cluster.AssertNoGrainIsOwnedTwice();
            }

            Recover();
        }

        private void Step()
        {
            var index = _random.Next(_running.Length);
            var machine = _running[index];
            switch (_random.Next(18))
            {
                case 0 or 1:
                    machine.Time.Pause();
                    break;
                case 2 or 3:
                    machine.Time.Resume();
                    break;
                case 4:
                    machine.Table.Cut();
                    break;
                case 5:
                    machine.Table.Faults = _ => _random.Next(10) == 0 ? TableFault.HangBefore : TableFault.HangAfter;
                    break;
                case 6 or 7:
                    machine.Table.Faults = Flaky;
                    break;
                case 8:
                    machine.Kill();
                    break;
                case 9 or 10 when machine.Time.IsDead || machine.HasEnded:
                    machine.Kill();
                    Start(index);
                    break;
                case 11 when _random.Next(3) == 0 && !machine.Time.IsPaused:
                    machine.Leave();
                    break;
                case 12:
                    machine.Agent.Refresh();
                    break;
                case 13 when machine.Time is { IsDead: false, IsPaused: false }:
                    HoldOrRelease(index, machine);
                    break;
                default:
                    Pass();
                    break;
            }
        }

        private void Pass()
        {
            for (var ticks = _random.Next(1, 20); ticks > 0; ticks--)
            {
                _cluster.World.Advance(TimeSpan.FromMilliseconds(_random.Next(1, 100)));
                if (_running[_random.Next(_running.Length)].Table is { Hanging: > 0 } table)
                {
                    table.Release(_random.Next(table.Hanging));
                }

                Ask(_running[_random.Next(_running.Length)]);
                _cluster.AssertNoGrainIsOwnedTwice();
            }
        }

        private void HoldOrRelease(int index, Machine machine)
        {
            if (_held[index] is { } held)
            {
                _held[index] = null;
                machine.HandOver = Task.CompletedTask;
                held.SetResult();
            }
            else
            {
                machine.HandOver = (_held[index] = new TaskCompletionSource()).Task;
            }
        }

        private void Ask(Machine machine)
        {
            if (machine.Time is { IsDead: false, IsPaused: false } && !machine.HasEnded)
            {
                var (version, grains) = (machine.Agent.Current.Version, _cluster.Released(machine));
                Given += grains.Length;
                _answers.Add(() => machine.Agent.Grant(version, grains));
            }

            if (_answers.Count > 0 && _random.Next(2) == 0)
            {
                var index = _random.Next(_answers.Count);
                _answers[index]();
                _answers.RemoveAt(index);
            }
        }

        private void Recover()
        {
            for (var i = 0; i < _running.Length; i++)
            {
                if (_held[i] is not null) HoldOrRelease(i, _running[i]);
            }

            foreach (var machine in _running)
            {
                machine.Time.Resume();
                machine.Table.ReleaseAll();
                machine.Table.Heal();
            }

            // By now they know whether they have been declared dead; some are leaving.
            _cluster.Pass(TimeSpan.FromSeconds(1));
            for (var i = 0; i < _running.Length; i++)
            {
                if (_running[i].Time.IsDead || _running[i].HasEnded || _running[i].IsLeaving)
                {
                    _running[i].Kill();
                    Start(i);
                    _running[i].Table.Heal();
                }
            }

            _cluster.Pass(TimeSpan.FromSeconds(5));
            MachineCluster.AssertEachGrainHasAnOwnerAmong(_running);
        }

        private void Start(int index)
        {
            // Clocks that differ by up to two in a hundred from each other, five hundred times what crystals do.
            var machine = _cluster.Add(100 + index, ++_generation, 0.99 + (_random.NextDouble() * 0.02), Manifests[_random.Next(Manifests.Length)]);
            machine.Table.Faults = Flaky;
            _running[index] = machine;
            _held[index] = null;
            machine.Join();
        }

        private TableFault Flaky(string access) => _random.Next(12) == 0 ? Faults[_random.Next(Faults.Length)] : TableFault.None;
    }
}

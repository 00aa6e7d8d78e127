// Some tests set environment variables, which all tests of the process would see.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

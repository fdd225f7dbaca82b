"""What no probability can see: rules that look at the blocks that stay so far, and say which stay after them.

None looks at a host; `pipelines.boilerplate` has their order.
"""

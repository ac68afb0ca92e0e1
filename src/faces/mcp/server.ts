import { McpServer } from '@modelcontextprotocol/server'
import { type Chokepoint, toolVersion } from '../../index.ts'
import { addBrief, addResources } from './resources.ts'
import { addTools } from './tools.ts'

/**
 * The Model Context Protocol's face: a tool an analysis, resources, and a prompt.
 * @param base address of the HTTP interface where it is served beside, for links to whole answers
 */
export function mcpServer(chokepoint: Chokepoint, base?: string): McpServer {
  const server = new McpServer(
    { name: 'chokepoint', title: 'Chokepoint', version: toolVersion },
    {
      instructions:
        'Where does an economy hang on a supplier that it cannot replace? Read chokepoint://datasets first: a question is asked of one dataset. Give every figure with its caveats and dataset version.',
    },
  )
  addTools(server, chokepoint, base)
  addResources(server, chokepoint)
  addBrief(server)
  return server
}
